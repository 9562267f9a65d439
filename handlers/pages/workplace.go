package pages

import (
	"pointstore/handlers/web"
	"pointstore/models"
)

// workplaces are the parts of the house a person may enter, so that whoever has
// two roles finds the way from one to the other.
func workplaces(by models.Actor) []web.Link {
	var out []web.Link
	for _, w := range []struct {
		act  models.Action
		link web.Link
	}{
		{models.GrantPoints, web.Link{Href: "/committee", Text: "记分、公示", Icon: "edit"}},
		{models.HandOverGoods, web.Link{Href: "/counter", Text: "兑换", Icon: "scan"}},
		{models.KeepStock, web.Link{Href: "/counter/stock", Text: "商品库存", Icon: "store"}},
		{models.SetUpVillage, web.Link{Href: "/admin", Text: "户、细则、人员等设置", Icon: "settings"}},
		{models.HearObjections, web.Link{Href: "/committee/objections", Text: "意见", Icon: "bell"}},
		{models.WatchRecords, web.Link{Href: "/committee/watch", Text: "谁记的分", Icon: "chart"}},
		{models.WatchRecords, web.Link{Href: "/committee/honours", Text: "评优和红榜", Icon: "list"}},
		{models.DecideAbove, web.Link{Href: "/above", Text: "等乡镇答复的", Icon: "bell"}},
		{models.SignStock, web.Link{Href: "/counter/papers", Text: "出入库单据", Icon: "list"}},
		{models.ReadReport, web.Link{Href: "/committee/cover", Text: "钱和货够不够换", Icon: "chart"}},
		{models.ReadReport, web.Link{Href: "/committee/funds", Text: "资金", Icon: "box"}},
		{models.ReadReport, web.Link{Href: "/reports", Text: "季报", Icon: "chart"}},
	} {
		if by.Any(w.act) {
			out = append(out, w.link)
		}
	}
	return out
}

// backLink leads somebody who only looks in, such as the administrator at the
// cards, back to their own work: to the village in hand where they set it up.
func backLink(by models.Actor, at web.Area) web.Link {
	back := web.Link{Href: firstPage(by), Text: "返回", Icon: "left", Key: "back"}
	switch {
	case back.Href == "/admin":
		back.Text = "回管理"
		if at.ID != 0 && by.Can(models.SetUpVillage, at.Place) {
			back.Href = adminPath(at.ID)
		}
	case back.Href == "/committee":
		back.Text = "回村委"
	case back.Href == "/reports":
		back.Text = "回季报"
	}
	return back
}
