package pages

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// todayPage is what a counter has done on one day.
type todayPage struct {
	counterFrame
	market.Day
	Counter    string
	Prev, Next string // addresses of the days around it
	IsToday    bool
	Table      web.Table
	More       bool // the table ends before the day does
}

// View implements web.Page.
func (todayPage) View() (name, title string) { return "counter/today", "今天的兑换" }

type dayForm struct {
	Day models.Date `form:"day" label:"日期"`
}

// CounterToday answers GET /counter/today, and another day with ?day=.
func (p *Pages) CounterToday(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	var f dayForm
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	now := p.db.Now().Day()
	if f.Day == "" || f.Day > now {
		f.Day = now
	}
	day, err := market.DayOf(c.UserContext(), p.db, s.Village.ID, s.Counter.ID, f.Day)
	if err != nil {
		return err
	}
	page := todayPage{counterFrame: s.frame("desk", "today"), Day: day, Counter: s.Counter.Name, IsToday: f.Day == now,
		Prev: "/counter/today?day=" + string(f.Day.AddDays(-1)), Table: receiptTable(c, day.Receipts), More: day.Visits+day.Undone > len(day.Receipts)}
	if !page.IsToday {
		page.Next = "/counter/today?day=" + string(f.Day.AddDays(1))
	}
	return web.Show(c, page)
}

// receiptTable lists receipts, each with its address.
func receiptTable(c *fiber.Ctx, list []market.Receipt) web.Table {
	t := web.Table{Heads: []web.Head{{Text: "时间"}, {Text: "小票"}, {Text: "这一户"}, {Text: "积分", Num: true}, {Text: "状态"}, {Text: "换了什么"}, {Text: "怎样确认"}, {Text: "经办"}}}
	for _, r := range list {
		state := web.Cell{Text: "已兑换", Tag: "ok"}
		if r.Undone() {
			state = web.Cell{Text: "作废", Tag: "bad"}
		}
		t.Rows = append(t.Rows, []web.Cell{
			{Text: clockTime(r.At)}, {Text: r.Number, Href: receiptPath(c, r)}, {Text: r.Masked}, {Text: r.Points.String(), Sort: r.Points.Plain()}, state,
			{Text: goodsOf(r.Lines)}, {Text: r.ConfirmTitle()}, {Text: r.Clerk},
		})
	}
	return t
}

// goodsOf is the goods of a receipt in one line: 大米 ×1、洗衣液 ×2.
func goodsOf(lines []market.ReceiptLine) string {
	words := make([]string, len(lines))
	for i, l := range lines {
		words[i] = l.Name + " ×" + l.Qty.String()
	}
	return strings.Join(words, "、")
}

// movedGoods adds up what receipts handed over, by item in the order met; void
// receipts are left out.
func movedGoods(list []market.Receipt) web.Table {
	t := web.Table{Heads: []web.Head{{Text: "商品"}, {Text: "数量", Num: true}, {Text: "积分", Num: true}}}
	type moved struct {
		name, unit string
		qty        models.Qty
		points     models.Points
	}
	var order []int64
	sums := map[int64]*moved{}
	for _, r := range list {
		if r.Undone() {
			continue
		}
		for _, l := range r.Lines {
			m := sums[l.Goods]
			if m == nil {
				m = &moved{name: l.Name, unit: l.Unit}
				sums[l.Goods], order = m, append(order, l.Goods)
			}
			m.qty += l.Qty
			m.points += l.Points
		}
	}
	for _, id := range order {
		m := sums[id]
		t.Rows = append(t.Rows, []web.Cell{{Text: m.name}, {Text: strings.TrimSpace(m.qty.String() + " " + m.unit)}, {Text: m.points.String()}})
	}
	return t
}

// numbered is a count in words: 12 户次.
func numbered(n int64, unit string) string { return strconv.FormatInt(n, 10) + " " + unit }
