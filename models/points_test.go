package models_test

import (
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"pointstore/models"
)

func TestParsePointsReadsWhatPeopleType(t *testing.T) {
	for typed, want := range map[string]models.Points{
		"5": 500, "0": 0, "0.1": 10, "0.05": 5, "2.5": 250, "2.50": 250, "+3": 300, "-2.5": -250, "−2.5": -250,
		"５": 500, "＋０．５": 50, "－２": -200, "－２.５分": -250, " 5 分 ": 500, "5分": 500, "　8　": 800,
		"1,280": 128_000, "1，280.5": 128_050, "007": 700, "1000000": models.PointsMax, "-1000000": -models.PointsMax,
		"\ufeff12": 1200, "—3": -300,
	} {
		if got, err := models.ParsePoints(typed); err != nil || got != want {
			t.Errorf("%q is %d hundredths (%v), want %d", typed, int64(got), err, int64(want))
		}
	}
}

func TestParsePointsRefusesWhatIsNoNumber(t *testing.T) {
	for _, typed := range []string{
		"", " ", "分", "五", "5分钟", "1.234", "5.", ".5", "1.2.3", "0,5", "1,28", "1280,500", ",500", "1,,280", "1.2,3", "1e3", "0x10", "1_000", "NaN", "--5", "+-5", "-+5", "- 5", "5-", "5 5",
		"1000000.01", "-1000000.01", "9999999999999", "99999999999999999999999999", "🌾", "5;DROP", "１.２.３", "1. 5",
	} {
		got, err := models.ParsePoints(typed)
		if !errors.Is(err, models.ErrInput) || got != 0 {
			t.Errorf("%q became %v with %v, want a refusal", typed, got, err)
		}
	}
}

func TestPointsPrintForPeopleAndForMachines(t *testing.T) {
	for _, c := range []struct {
		points                models.Points
		people, signed, plain string
	}{
		{0, "0", "0", "0"},
		{5, "0.05", "+0.05", "0.05"},
		{10, "0.1", "+0.1", "0.1"},
		{250, "2.5", "+2.5", "2.5"},
		{-250, "−2.5", "−2.5", "-2.5"},
		{-5, "−0.05", "−0.05", "-0.05"},
		{128_000, "1,280", "+1,280", "1280"},
		{99_999, "999.99", "+999.99", "999.99"},
		{123_456_789_01, "123,456,789.01", "+123,456,789.01", "123456789.01"},
	} {
		if c.points.String() != c.people || c.points.Signed() != c.signed || c.points.Plain() != c.plain {
			t.Errorf("%d prints %s, %s, %s, want %s, %s, %s", int64(c.points), c.points, c.points.Signed(), c.points.Plain(), c.people, c.signed, c.plain)
		}
	}
}

func TestPointsComeBackAsTheyWerePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := models.Points(rapid.Int64Range(-int64(models.PointsMax), int64(models.PointsMax)).Draw(t, "hundredths"))
		for _, printed := range []string{p.String(), p.Signed(), p.Plain(), p.String() + "分"} {
			if back, err := models.ParsePoints(printed); err != nil || back != p {
				t.Fatalf("%d printed as %s came back as %d (%v)", int64(p), printed, int64(back), err)
			}
		}
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{string(raw), `"` + string(raw) + `"`} {
			var back models.Points
			if err := json.Unmarshal([]byte(form), &back); err != nil || back != p {
				t.Fatalf("%d as JSON %s came back as %d (%v)", int64(p), form, int64(back), err)
			}
		}
	})
}

func TestAmountsNeverPanicOnAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "typed")
		if p, err := models.ParsePoints(s); err == nil && (p > models.PointsMax || p < -models.PointsMax) {
			t.Fatalf("%q became %d hundredths, beyond the bound of one entry", s, int64(p))
		}
		if q, err := models.ParseQty(s); err == nil && q <= 0 {
			t.Fatalf("%q became the quantity %d", s, int64(q))
		}
		if f, err := models.ParseFen(s); err == nil && f < 0 {
			t.Fatalf("%q became %d fen", s, int64(f))
		}
	})
}

func TestTimesRoundsHalfAwayFromZeroOnce(t *testing.T) {
	for _, c := range []struct {
		p    models.Points
		q    models.Qty
		want models.Points
		ok   bool
	}{
		{500, models.One, 500, true},
		{10, 250, 25, true},
		{5, 50, 3, true},   // 0.05 × 0.5 = 0.025
		{-5, 50, -3, true}, // the same, taken away
		{5, 49, 2, true},
		{0, 1 << 62, 0, true},
		{models.PointsMax, models.One, models.PointsMax, true},
		{models.PointsMax, models.One + 1, models.PointsMax + 1_000_000, false},
		{-models.PointsMax, 2 * models.One, -2 * models.PointsMax, false},
		{300, 1 << 60, 0, false},
		{1 << 62, 1 << 62, 0, false},
		{-1 << 63, 100, 0, false},
		{500, -100, 0, false},
	} {
		got, ok := c.p.Times(c.q)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%d × %d is %d (%v), want %d (%v)", int64(c.p), int64(c.q), int64(got), ok, int64(c.want), c.ok)
		}
	}
}

func TestQuantitiesAndMoneyKeepTheirBounds(t *testing.T) {
	for typed, want := range map[string]models.Qty{"1": 100, "1.5": 150, "０.０１": 1, "100000": 10_000_000} {
		if got, err := models.ParseQty(typed); err != nil || got != want {
			t.Errorf("quantity %q is %d (%v), want %d", typed, int64(got), err, int64(want))
		}
	}
	for _, typed := range []string{"", "0", "0.00", "-1", "100000.01", "两袋", "1.005"} {
		if got, err := models.ParseQty(typed); !errors.Is(err, models.ErrInput) {
			t.Errorf("quantity %q became %v with %v", typed, got, err)
		}
	}
	for typed, want := range map[string]models.Fen{"0": 0, "3": 300, "12.5": 1250, "12.50元": 1250, "1,000元": 100_000} {
		if got, err := models.ParseFen(typed); err != nil || got != want {
			t.Errorf("%q is %d fen (%v), want %d", typed, int64(got), err, int64(want))
		}
	}
	for _, typed := range []string{"", "-1", "3.999", "100000000.01", "￥3"} {
		if got, err := models.ParseFen(typed); !errors.Is(err, models.ErrInput) {
			t.Errorf("%q became %v with %v", typed, got, err)
		}
	}
	for fen, want := range map[models.Fen]string{0: "0", 300: "3", 1250: "12.50", 1205: "12.05", 123_456_00: "123,456", -50: "−0.50"} {
		if fen.String() != want {
			t.Errorf("%d fen print %s, want %s", int64(fen), fen, want)
		}
	}
}

func TestRateRoundsToTheNearestFen(t *testing.T) {
	for _, c := range []struct {
		rate   models.Rate
		points models.Points
		want   models.Fen
	}{
		{10_000, 128_000, 128_000}, // one yuan a point
		{5_000, 1, 1},              // half a fen goes up
		{4_999, 1, 0},
		{5_000, -1, -1},
		{1_250, 300, 38}, // 0.375 yuan
		{0, 500, 0},
	} {
		if got := c.rate.Fen(c.points); got != c.want {
			t.Errorf("%d hundredths at %d are %d fen, want %d", int64(c.points), int64(c.rate), int64(got), int64(c.want))
		}
	}
}

func TestProseKeepsThePunctuationOfASentence(t *testing.T) {
	for typed, want := range map[string]string{
		"　送饭３天，连着；王奶奶家（３组）——属实 ": "送饭3天，连着；王奶奶家（3组）——属实", "一行\r\n两行": "一行 两行", "\ufeff对\u200b！": "对！", "": "",
	} {
		if got := models.Prose(typed); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once := models.Prose(rapid.String().Draw(t, "typed"))
		if twice := models.Prose(once); twice != once {
			t.Fatalf("%q became %q the second time", once, twice)
		}
	})
}

func TestNormalFoldsWhatKeyboardsDo(t *testing.T) {
	for typed, want := range map[string]string{
		"　ＡＢＣ１２３　": "ABC123", "a\u00a0b": "a b", "\ufeff马明\u200b": "马明", "－−–—": "----",
		"马·阿卜杜拉": "马·阿卜杜拉", "𠮷": "𠮷", "": "",
	} {
		if got := models.Normal(typed); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once := models.Normal(rapid.String().Draw(t, "typed"))
		if twice := models.Normal(once); twice != once {
			t.Fatalf("%q became %q the second time", once, twice)
		}
	})
}
