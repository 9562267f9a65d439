package web

import (
	"fmt"
	"html/template"

	"pointstore/models"
)

// Funcs are the house's own words for templates, added to those of assets.
func Funcs() template.FuncMap {
	return template.FuncMap{
		"mask": models.MaskName,
		"id32": models.ID32,
		"date": date,
		"time": func(m models.Millis) string { return m.String() },
	}
}

// date prints a day or an instant's day: 11月23日.
func date(v any) (string, error) {
	switch d := v.(type) {
	case models.Date:
		return d.Short(), nil
	case models.Millis:
		if d == 0 {
			return "", nil
		}
		return d.Day().Short(), nil
	}
	return "", fmt.Errorf("date: %T is neither a day nor an instant", v)
}
