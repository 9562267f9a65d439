package report

import (
	"context"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Warnings are what a village should look at before it closes the quarter:
// awards that would no longer count in it. None is a reason to refuse.
func Warnings(ctx context.Context, c db.Conn, village int64, q models.Quarter) ([]string, error) {
	var unhung, hanging, frozen, deciding, told int64
	err := c.Stmts(ctx).Row(`SELECT COALESCE(SUM(a.state = 'noticed' AND COALESCE(n.hung_at, 0) = 0), 0),
		COALESCE(SUM(a.state = 'noticed' AND COALESCE(n.hung_at, 0) <> 0), 0), COALESCE(SUM(a.state = 'frozen'), 0),
		COALESCE(SUM(a.state IN ('claimed', 'checked', 'pending')), 0), COALESCE(SUM(a.state = 'warned'), 0)
		FROM awards a LEFT JOIN notices n ON n.village_id = a.village_id AND n.id = a.notice_id
		WHERE a.village_id = ? AND a.state IN ('claimed', 'checked', 'pending', 'warned', 'noticed', 'frozen') AND a.act_date >= ? AND a.act_date < ?`, village, string(q.Start()), string(q.End())).
		Scan(&unhung, &hanging, &frozen, &deciding, &told)
	var list []string
	say := func(n int64, text string) {
		if n > 0 {
			list = append(list, fmt.Sprintf("有 %d 件%s，现在封账就记到下个季度（补录）", n, text))
		}
	}
	say(deciding, "还没有核实、评议或批准完")
	say(told, "扣分告知还没到期")
	say(unhung, "还没有公示上墙")
	say(hanging, "公示还没到期")
	say(frozen, "有人提意见、还没答复")
	return list, err
}

// VerifyReturns checks a village's closed quarters: that each is kept word for
// word as it was registered under its check code. It returns what is wrong, in
// English, for the verify command.
func VerifyReturns(ctx context.Context, c db.Conn, village int64) ([]string, error) {
	type closed struct {
		q          models.Quarter
		text, code string
	}
	var list []closed
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var r closed
		err := row.Scan(&r.q, &r.text, &r.code)
		list = append(list, r)
		return err
	}, "SELECT quarter, sheet, code FROM returns WHERE village_id = ? ORDER BY quarter", village)
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, r := range list {
		p, err := FindDocument(ctx, c, r.code)
		switch {
		case models.KindOf(err) == models.NotFound:
			faults = append(faults, fmt.Sprintf("%s: nothing is registered under its check code %s", r.q.Key(), r.code))
		case models.KindOf(err) == models.Unhealthy:
			faults = append(faults, fmt.Sprintf("%s: what is registered under %s was changed", r.q.Key(), r.code))
		case err != nil:
			return nil, err
		case p.Area != village || !strings.HasSuffix(p.Summary, fingerprint([]byte(r.text))):
			faults = append(faults, fmt.Sprintf("%s: the kept sheet is not the one that was closed", r.q.Key()))
		}
	}
	return faults, nil
}
