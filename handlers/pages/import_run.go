package pages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
)

// startImport starts the import if the file can go in as it was last seen.
func (p *Pages) startImport(c *fiber.Ctx, op db.OpID, v web.Area, k importKind, u db.Upload, f importForm) error {
	r, err := k.read(c.UserContext(), p, v.ID, u, f)
	if err != nil {
		return err
	}
	if err := r.ready(k); err != nil {
		return err
	}
	if k.check != nil {
		if err := k.check(f); err != nil {
			return err
		}
	}
	by := web.Actor(c)
	j := &job{Village: v.ID, Kind: k.Key, Name: u.Name, total: len(r.Rows)}
	startJob(c.UserContext(), op, j, func(ctx context.Context, step func(done, total int)) (importResult, error) {
		done, err := k.run(ctx, p, op, by, v.ID, u, f, step)
		if err != nil {
			if models.KindOf(err) == models.Bug {
				slog.ErrorContext(ctx, "import failed", "kind", k.Key, "err", err)
			}
			return done, err
		}
		// What a file holds beyond what was taken from it does not stay here.
		if err := db.DropUpload(ctx, p.db, v.ID, u.ID); err != nil {
			slog.ErrorContext(ctx, "an imported file could not be dropped", "err", err)
		}
		return done, nil
	})
	return nil
}

// ready is nil when the file can go in.
func (r importReading) ready(k importKind) error {
	switch {
	case r.Before != nil:
		return r.Before
	case len(r.Mapping.Missing) > 0:
		return models.ErrInput.With("还没有找到“" + r.Mapping.Missing[0].Title + "”是哪一列，一行都没有导入；请在下面选好").At("col." + r.Mapping.Missing[0].Key)
	case len(r.Problems) > 0:
		return models.ErrInput.With("有 " + fmt.Sprint(len(r.Problems)) + " 处要改，一行都没有导入；请照下面说的改好表格，再选一次文件")
	case !r.Fine:
		return models.ErrInput.With("这份" + k.Noun + "里没有可以导入的内容，没有导入；请核对选的是不是这一份")
	}
	return nil
}

// counted lists what was counted, without the noughts.
func counted(parts ...any) []string {
	var out []string
	for i := 0; i+1 < len(parts); i += 2 {
		if n := parts[i+1].(int); n > 0 {
			out = append(out, fmt.Sprintf(parts[i].(string), n))
		}
	}
	return out
}

// jobPage shows an import at work, and what came of it.
type jobPage struct {
	Village web.Area
	Kind    importKind
	Steps   []web.Step
	State   jobState
	Say     string // the refusal
	File    string // address of the waiting file, to go back to
	FileID  string
	Lost    bool // the program ended while it ran
	Next    *checkItem
	Maybe   *checkItem // old balances, which have to go in before anything else is recorded
}

func (p jobPage) View() (name, title string) { return "admin/job", p.Kind.Title }

// Frame names the place.
func (p jobPage) Frame(f *web.Frame) { f.Site = siteOf(p.Village) }

// Running reports whether the page should look again.
func (p jobPage) Running() bool { return !p.State.Over && !p.Lost }

// ImportJob answers …/job/:job.
func (p *Pages) ImportJob(c *fiber.Ctx) error {
	v, k, err := importAt(c)
	if err != nil {
		return err
	}
	op, err := db.ParseOpID(c.Params("job"))
	if err != nil {
		return models.ErrNotFound
	}
	page := jobPage{Village: v, Kind: k, File: importPath(v.ID, k.Key)}
	if id, err := models.ParseID32(c.Query("file")); err == nil {
		page.FileID = models.ID32(id)
		page.File += "/" + page.FileID
	}
	if j := findJob(op); j != nil && j.Village == v.ID && j.Kind == k.Key {
		page.State = j.state()
	} else if err := p.lookForJob(c.UserContext(), v.ID, op, &page); err != nil {
		return err
	}
	if page.State.Err != nil {
		page.Say = sentence(page.State.Err)
	}
	if page.Running() {
		return web.Show(c, page) // asked every second: as little as possible
	}
	list, steps, err := p.importSteps(c.UserContext(), v, k.Key)
	if err != nil {
		return err
	}
	page.Steps, page.Next = steps, list.after()
	if k.Next == balancesImport.Key {
		page.Maybe = list.open(balancesImport.Key)
	}
	return web.Show(c, page)
}

// lookForJob tells from the imports what became of a job this process does not
// know: the row stands or it does not, there is nothing between.
func (p *Pages) lookForJob(ctx context.Context, v int64, op db.OpID, page *jobPage) error {
	all, err := db.Imports(ctx, p.db, v)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.Op == op {
			page.State = jobState{Over: true, Result: importResult{Text: fmt.Sprintf("“%s”已经导入，共 %d 行", i.Name, i.Rows)}}
			return nil
		}
	}
	page.Lost = true
	return nil
}

// sentence is what a person reads of an error; what nobody declared is an apology.
func sentence(err error) string {
	var e *models.Error
	if errors.As(err, &e) && e.Say != "" {
		return e.Say
	}
	return "导入时出了点问题，一行都没有导入；请再试一次，还不行就请把这一页截图给管理员"
}

// after is the thing to do next: the first that is missing, else the cards.
func (l checklist) after() *checkItem {
	if l.Next != nil {
		return l.Next
	}
	return l.open("cards")
}

// open is an item of the list that is not done; nil when it is.
func (l checklist) open(key string) *checkItem {
	for i := range l.Items {
		if l.Items[i].Key == key && !l.Items[i].Done {
			return &l.Items[i]
		}
	}
	return nil
}
