package pages

import (
	"context"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// importOptions are the lists the form of a preview chooses from.
type importOptions struct {
	Counters []web.Option
	Periods  []village.Option
	Pers     []village.Option
}

func (p *Pages) importOptions(ctx context.Context, v int64, k importKind, f importForm) (importOptions, error) {
	switch k.Key {
	case "rules":
		return rulesOptions(), nil
	case "goods":
		var o importOptions
		counters, err := market.Counters(ctx, p.db, v)
		for _, c := range counters {
			o.Counters = append(o.Counters, web.Option{Value: models.ID32(c.ID), Text: c.Name, Selected: models.ID32(c.ID) == f.Counter})
		}
		return o, err
	}
	return importOptions{}, nil
}

// rulesOptions are the lists beside a table of rules.
func rulesOptions() importOptions {
	return importOptions{Periods: periods, Pers: []village.Option{{Key: "household", Title: "每户"}, {Key: "member", Title: "每人"}}}
}

var periods = []village.Option{{Key: "day", Title: "每天"}, {Key: "week", Title: "每周"}, {Key: "month", Title: "每月"}, {Key: "quarter", Title: "每季度"}, {Key: "year", Title: "每年"}, {Key: "life", Title: "总共（一生）"}}

// noCounty is how forms send 未归类, because an empty value is no answer.
const noCounty = "none"

func countyKey(answer string) string {
	if answer == noCounty {
		return ""
	}
	return answer
}

// countyOptions are the county's headings, with 未归类 for none.
func countyOptions(now string) []web.Option {
	out := []web.Option{{Value: noCounty, Text: scheme.CountyName(""), Selected: now == ""}}
	for _, c := range scheme.CountyCategories {
		out = append(out, web.Option{Value: c.Key, Text: c.Name, Selected: c.Key == now})
	}
	return out
}
