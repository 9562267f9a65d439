package pages

import (
	"bytes"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

// adminRulesSheet is the same version on paper.
type adminRulesSheet struct{ adminRulesPage }

func (s adminRulesSheet) View() (name, title string) { return "admin/rules_print", s.What() }

// PrintAdminRules answers GET …/rules/print.
func (p *Pages) PrintAdminRules(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	if page.None {
		return scheme.ErrNoRules
	}
	return web.Show(c, adminRulesSheet{page})
}

// RulesWorkbook answers GET …/rules/workbook: what goes out comes back in.
func (p *Pages) RulesWorkbook(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	if page.None {
		return scheme.ErrNoRules
	}
	book, err := scheme.RulesBook(c.UserContext(), p.db, page.At.ID, page.Version.ID)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, book); err != nil {
		return err
	}
	return web.Download(c, fmt.Sprintf("%s第%d版.xlsx", page.What(), page.Version.Number), xlsxType, b.Bytes())
}
