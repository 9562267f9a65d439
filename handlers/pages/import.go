package pages

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

func (p *Pages) routesImport(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:area/import/:kind", door, p.Import)
	r.Post("/admin/:area/import/:kind", door, p.Upload, web.Upload)
	r.Get("/admin/:area/import/:kind/sample", door, p.ImportSample)
	r.Get("/admin/:area/import/:kind/job/:job", door, p.ImportJob)
	r.Get("/admin/:area/import/:kind/:upload", door, p.Preview)
	r.Post("/admin/:area/import/:kind/:upload", door, p.ChoosePreview)
	r.Get("/admin/:area/import/:kind/:upload/marked", door, p.ImportMarked)
	r.Get("/admin/:area/import/:kind/:upload/check", door, p.ImportCheck)
	r.Post("/admin/:area/import/:kind/:upload/drop", door, p.DropImport)
}

// importAt is the place and the kind an address names. A county takes in the
// rules of its template and nothing else.
func importAt(c *fiber.Ctx) (web.Area, importKind, error) {
	at, err := rulesAt(c)
	if err != nil {
		return at, importKind{}, err
	}
	k, err := importKindOf(c.Params("kind"))
	if err == nil && at.Level == village.County && k.Key != rulesImport.Key {
		err = models.ErrNotFound
	}
	return at, k, err
}

// importSteps are the steps of a village's first run; a county's template has
// none.
func (p *Pages) importSteps(ctx context.Context, at web.Area, key string) (checklist, []web.Step, error) {
	if at.Level != village.Hamlet {
		return checklist{}, nil, nil
	}
	list, err := p.checkVillage(ctx, at.ID)
	return list, list.stepsAt(key), err
}

// uploadPage asks for the file.
type uploadPage struct {
	Village web.Area
	Kind    importKind
	Steps   []web.Step
	Before  []db.Import // what went in earlier
	Skip    string      // where 先跳过 leads
	Back    string
	Errors  map[string]string
}

func (p uploadPage) View() (name, title string) { return "admin/upload", p.Kind.Title }

// Frame names the place.
func (p uploadPage) Frame(f *web.Frame) { f.Site = siteOf(p.Village) }

func (p *Pages) uploadPage(c *fiber.Ctx, v web.Area, k importKind, why error) (uploadPage, error) {
	page := uploadPage{Village: v, Kind: k, Back: adminPath(v.ID), Skip: newPersonPath(v.ID), Errors: web.Errors(why)}
	switch {
	case v.Level == village.County:
		page.Back, page.Skip = adminPath(v.ID, "template"), ""
	case k.Next != "":
		page.Skip = importPath(v.ID, k.Next)
	}
	before, err := db.Imports(c.UserContext(), p.db, v.ID)
	if err != nil {
		return page, err
	}
	for _, b := range before {
		if b.Kind == k.Key {
			page.Before = append(page.Before, b)
		}
	}
	_, page.Steps, err = p.importSteps(c.UserContext(), v, k.Key)
	return page, err
}

// Import answers GET /admin/:area/import/:kind.
func (p *Pages) Import(c *fiber.Ctx) error {
	v, k, err := importAt(c)
	if err != nil {
		return err
	}
	page, err := p.uploadPage(c, v, k, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// Upload answers the chosen file: it is read once, so that a picture or a Word
// document is refused here, and kept for a day.
func (p *Pages) Upload(c *fiber.Ctx) error {
	v, k, err := importAt(c)
	if err != nil {
		return err
	}
	id, err := p.keepUpload(c, v, k)
	if err != nil {
		page, failed := p.uploadPage(c, v, k, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	return web.See(c, importPath(v.ID, k.Key)+"/"+models.ID32(id))
}

func (p *Pages) keepUpload(c *fiber.Ctx, v web.Area, k importKind) (int64, error) {
	ctx := c.UserContext()
	var none struct{}
	op, err := web.Bind(c, &none)
	if err != nil {
		return 0, err
	}
	name, body, err := web.File(c, "file")
	if err != nil {
		return 0, err
	}
	t, err := sheet.Read(name, body)
	if err != nil {
		return 0, err
	}
	if err := db.WasImported(ctx, p.db, v.ID, k.Key, t.Hash); err != nil {
		return 0, err
	}
	var f importForm
	if k.start != nil {
		if err := k.start(ctx, p, op, web.Actor(c), v, &f); err != nil {
			return 0, err
		}
	}
	// Sealed, because a backup made meanwhile must not hold what is never kept.
	sealed, err := p.keys.Seal(uploadPurpose, string(body))
	if err != nil {
		return 0, err
	}
	id, err := db.SaveUpload(ctx, p.db, v.ID, k.Key, name, sealed, web.Actor(c))
	if err != nil || k.start == nil {
		return id, err
	}
	return id, p.choose(c, v.ID, id, f)
}

// choose keeps what was chosen with the waiting file.
func (p *Pages) choose(c *fiber.Ctx, v, id int64, f importForm) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return db.ChooseUpload(c.UserContext(), p.db, v, id, string(b))
}

// waiting is the file an address names, with what was chosen so far.
func (p *Pages) waiting(c *fiber.Ctx) (v web.Area, k importKind, u db.Upload, f importForm, err error) {
	if v, k, err = importAt(c); err != nil {
		return
	}
	id, err := web.ID(c, "upload")
	if err != nil {
		return
	}
	if u, err = db.GetUpload(c.UserContext(), p.db, v.ID, id); err != nil {
		return
	}
	if u.Kind != k.Key {
		err = models.ErrNotFound
		return
	}
	body, err := p.keys.Unseal(uploadPurpose, u.Body)
	if err != nil {
		return
	}
	u.Body, u.Hash = []byte(body), sha256.Sum256([]byte(body))
	if u.Choice != "" {
		err = json.Unmarshal([]byte(u.Choice), &f)
	}
	return
}

// uploadPurpose tells a waiting file's seal from others.
const uploadPurpose = "upload"

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// ImportSample answers …/sample: a table to fill in.
func (p *Pages) ImportSample(c *fiber.Ctx) error {
	_, k, err := importAt(c)
	if err != nil {
		return err
	}
	s := k.sample()
	s.Freeze = true
	var b bytes.Buffer
	if err := sheet.Write(&b, sheet.Book{Title: s.Name, Sheets: []sheet.Sheet{s}}); err != nil {
		return err
	}
	return web.Download(c, s.Name+"样表.xlsx", xlsxType, b.Bytes())
}

// ImportMarked answers …/marked: the file with its bad rows coloured and the
// reasons beside them.
func (p *Pages) ImportMarked(c *fiber.Ctx) error {
	v, k, u, f, err := p.waiting(c)
	if err != nil {
		return err
	}
	r, err := k.read(c.UserContext(), p, v.ID, u, f)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.WriteMarked(&b, r.Table, r.Problems); err != nil {
		return err
	}
	return web.Download(c, "标红_"+u.Name+".xlsx", xlsxType, b.Bytes())
}

// DropImport forgets a waiting file.
func (p *Pages) DropImport(c *fiber.Ctx) error {
	v, k, u, _, err := p.waiting(c)
	if err != nil {
		return err
	}
	if err := db.DropUpload(c.UserContext(), p.db, v.ID, u.ID); err != nil {
		return err
	}
	web.Flash(c, "ok", "这个文件已经放弃，没有导入任何内容")
	return web.See(c, importPath(v.ID, k.Key))
}
