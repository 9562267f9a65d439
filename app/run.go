package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"

	"pointstore/models"
)

// commands are what the program can do. Without a command it serves.
type commands struct {
	settings

	Serve   serveCommand   `cmd:"" default:"1" help:"Serve the pages (the default)."`
	Demo    demoCommand    `cmd:"" help:"Serve a demonstration county, ready to click through."`
	Verify  verifyCommand  `cmd:"" help:"Recount balances, stock, kept sums, chains and seals."`
	Migrate migrateCommand `cmd:"" help:"Bring the tables of a MySQL database to the newest step."`
	Backup  backupCommand  `cmd:"" help:"Write a consistent copy of the embedded database, also while serving."`
	Load    loadCommand    `cmd:"" help:"Measure a server that this command starts itself."`
	User    userCommand    `cmd:"" help:"Give a person a new one-time password, on this machine."`
}

// run is the whole program with its surroundings handed in, so that a test can
// start it beside nine others.
func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("points"),
		kong.Description("积分超市: a points store for villages."),
		kong.Writers(out, out),
		kong.Resolvers(fromEnvironment(getenv)),
		kong.Exit(func(int) { panic(helpShown{}) }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(out, (*io.Writer)(nil)),
	)
	if err != nil {
		return err
	}
	shown, err := parse(parser, args)
	if err != nil || shown == nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return err
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level})))
	models.SetInstance(c.Instance)
	return plain(shown.Run(c.settings))
}

type helpShown struct{}

// parse reads the arguments; a nil context means that help was shown and there
// is nothing to run. kong ends the program at that point, which a test in the
// same process would not survive.
func parse(p *kong.Kong, args []string) (shown *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(helpShown); !ok {
				panic(r)
			}
			shown, err = nil, nil
		}
	}()
	return p.Parse(args)
}

// fromEnvironment finds a flag's value in POINTSTORE_ and its name.
func fromEnvironment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if v := getenv("POINTSTORE_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))); v != "" {
			return v, nil
		}
		return nil, nil
	})
}

// plain adds to a refusal made for people in a village what an operator wants.
func plain(err error) error {
	var e *models.Error
	if errors.As(err, &e) && e.Say != "" {
		return fmt.Errorf("%s (%w)", e.Say, err)
	}
	return err
}
