package pages

import (
	"context"
	"net/url"
	"strconv"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/village"
)

// verifyAddress is what the QR code on a paper with a check code holds: the page
// that says whether it is genuine.
func (p *Pages) verifyAddress(village int64, number, code string) string {
	q := url.Values{"k": {code}}
	if number != "" {
		q.Set("n", number)
	}
	if village != 0 {
		q.Set("v", models.ID32(village))
	}
	return p.base + "/verify?" + q.Encode()
}

// pageAfter is an address that goes on below a line.
func pageAfter(path string, before int64) string {
	return path + "?before=" + strconv.FormatInt(before, 10)
}

// villageOptions are all villages to choose from; with their townships where two
// could have one name. A lone village is chosen already.
func (p *Pages) villageOptions(ctx context.Context, chosen int64) ([]web.Option, error) {
	all, err := village.Areas(ctx, p.db)
	if err != nil {
		return nil, err
	}
	names, options := map[int64]string{}, []web.Option{}
	for _, a := range all {
		names[a.ID] = a.Name
	}
	for _, a := range all {
		if a.Level == village.Hamlet {
			options = append(options, web.Option{Value: models.ID32(a.ID), Text: dotted(names[a.TownshipID], a.Name), Selected: a.ID == chosen})
		}
	}
	if len(options) == 1 {
		options[0].Selected = true
	}
	return options, nil
}
