package main

import (
	"context"
	"fmt"
	"io"

	"pointstore/models/account"
)

// userCommand helps a person who is locked out. It needs the machine, leaves a
// row in the trail, and ends all of the person's sign-ins.
type userCommand struct {
	Login string `arg:"" help:"The person's login name."`
}

// Run prints a password that works once and must be changed then.
func (u userCommand) Run(ctx context.Context, out io.Writer, s settings) error {
	o, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer o.Close()
	password, err := account.ResetPassword(ctx, o.db, u.Login)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s can sign in once with: %s\nA new password is asked for then.\n", u.Login, password)
	return nil
}
