package pages

import (
	"pointstore/models/award"
	"pointstore/models/register"
	"pointstore/models/village"
)

// operationKinds are the kinds of operations in the village's words, in the
// order in which a reader looks for them.
var operationKinds = []village.Option{
	{Key: "award", Title: "记分"},
	{Key: "award-withdraw", Title: "撤回刚记的分"},
	{Key: "award-correct", Title: "改错（冲回一笔）"},
	{Key: "claim-complete", Title: "补充报的好事"},
	{Key: "award-check", Title: "初审"},
	{Key: "meeting-open", Title: "开评议会"},
	{Key: "meeting-save", Title: "改评议会的到会、日期"},
	{Key: "award-review", Title: "评议"},
	{Key: "meeting-close", Title: "评议结束、形成决议"},
	{Key: "award-second", Title: "第二人批准"},
	{Key: "award-escalate", Title: "村里无人可定，转镇上"},
	{Key: "award-above", Title: "镇上决定"},
	{Key: "award-effect", Title: "扣分告知期满"},
	{Key: "notice-make", Title: "做公示"},
	{Key: "notice-hang", Title: "公示张贴了"},
	{Key: "notice-post", Title: "公示期满到账"},
	{Key: "notice-close", Title: "公示结束"},
	{Key: "notice-drop", Title: "取消一期公示"},
	{Key: "objection", Title: "收到一条意见"},
	{Key: "objection-answer", Title: "答复意见"},
	{Key: "objection-assign", Title: "意见交给专人办"},
	{Key: "objection-said", Title: "意见：记下听到的"},
	{Key: "objection-point", Title: "意见：指明哪一笔"},
	{Key: "objection-claim", Title: "意见记成报好事"},
	{Key: "objection-appeal", Title: "意见报到镇上"},
	{Key: "objection-judge", Title: "镇上答复意见"},
	{Key: "objection-back", Title: "意见撤回"},
	{Key: "objection-late", Title: "意见过期，转镇上"},
	{Key: "objection-lapse", Title: "意见办结"},
	{Key: "base", Title: "记基础分"},
	{Key: "clearing", Title: "定清零、出公告"},
	{Key: "clearing-hang", Title: "清零公告张贴了"},
	{Key: "clearing-move", Title: "改清零的兑换日"},
	{Key: "clearing-drop", Title: "取消清零"},
	{Key: "photo", Title: "添照片"},
	{Key: "photo-remove", Title: "去掉照片"},
	{Key: "redeem", Title: "兑换"},
	{Key: "undo", Title: "兑换作废"},
	{Key: "proxy_add", Title: "登记替领人"},
	{Key: "proxy_end", Title: "取消替领人"},
	{Key: "home_confirm", Title: "改确认方式"},
	{Key: "face_limits", Title: "改当面核对额度"},
	{Key: "slip_key", Title: "录停电纸单"},
	{Key: "slip_mend", Title: "改停电纸单"},
	{Key: "slip_void", Title: "停电纸单作废"},
	{Key: "slip_print", Title: "印停电纸单"},
	{Key: "check_draw", Title: "抽查：抽了一次"},
	{Key: "check_answer", Title: "抽查：记下问到的"},
	{Key: "check_close", Title: "抽查结束"},
	{Key: "check_object", Title: "抽查对不上，记成意见"},
	{Key: "voucher", Title: "村民出兑换码"},
	{Key: "voucher_cancel", Title: "村民取消兑换码"},
	{Key: "open", Title: "开始兑换"},
	{Key: "close", Title: "结束兑换"},
	{Key: "receive", Title: "进货"},
	{Key: "price", Title: "改价"},
	{Key: "goods_add", Title: "加商品"},
	{Key: "goods_save", Title: "改商品"},
	{Key: "goods_shelve", Title: "商品上下架"},
	{Key: "goods_import", Title: "导入商品"},
	{Key: "counter_add", Title: "加兑换点"},
	{Key: "counter_save", Title: "改兑换点"},
	{Key: "counter_close", Title: "停用兑换点"},
	{Key: "poster_renew", Title: "换兑换点海报"},
	{Key: "plan_add", Title: "安排兑换日"},
	{Key: "plan_drop", Title: "取消兑换日"},
	{Key: "festivals", Title: "改节日日期"},
	{Key: "opening_count", Title: "收场点货"},
	{Key: "opening_recount", Title: "重新点货"},
	{Key: "opening_sign", Title: "收场第二人签字"},
	{Key: "opening_settle", Title: "批准盘点差数"},
	{Key: "settle_draw", Title: "生成商户结算单"},
	{Key: "settle_dispute", Title: "商户对结算有异议"},
	{Key: "settle_answer", Title: "答复商户异议"},
	{Key: "settle_sign", Title: "商户结算单签字"},
	{Key: "settle_pay", Title: "商户结算付款"},
	{Key: "goods_picture", Title: "换商品图片"},
	{Key: "paper_purchase", Title: "开采购单"},
	{Key: "paper_donation", Title: "开捐物单"},
	{Key: "paper_transfer", Title: "开调拨单"},
	{Key: "paper_count", Title: "盘点"},
	{Key: "paper_damage", Title: "开报损单"},
	{Key: "paper_expiry", Title: "开过期处理单"},
	{Key: "paper_receive", Title: "点收"},
	{Key: "paper_sign", Title: "单据签字、批准"},
	{Key: "paper_refuse", Title: "单据作废"},
	{Key: "issue_cap", Title: "改没换的分的上限"},
	{Key: "publish_feedback", Title: "出捐赠反馈单"},
	{Key: "fund_add", Title: "登记一笔资金"},
	{Key: "fund_save", Title: "改资金的名称、捐赠人"},
	{Key: "fund_close", Title: "停用一笔资金"},
	{Key: "fund_move", Title: "资金收支"},
	{Key: "roll_import", Title: "导入花名册"},
	{Key: "home_add", Title: "加一户"},
	{Key: "home_save", Title: "改户信息"},
	{Key: "home_hidden", Title: "改是否上榜"},
	{Key: "home_leave", Title: "一户离开"},
	{Key: "home_back", Title: "一户回来"},
	{Key: "member_add", Title: "加成员"},
	{Key: "member_save", Title: "改成员"},
	{Key: "member_remove", Title: "成员离开"},
	{Key: "member_died", Title: "成员去世"},
	{Key: "suspend", Title: "暂停评优"},
	{Key: "suspend_lift", Title: "解除暂停评优"},
	{Key: "show", Title: "上红榜、黑榜"},
	{Key: "show_drop", Title: "从榜上撤下"},
	{Key: "black_list", Title: "开关黑榜"},
	{Key: "card_issue", Title: "换新卡"},
	{Key: "cards_first", Title: "做户卡"},
	{Key: "pin_set", Title: "设取货密码"},
	{Key: "pin_unlock", Title: "解开取货密码"},
	{Key: "pins_first", Title: "做第一批取货密码"},
	{Key: "link_add", Title: "登记亲属、自己家"},
	{Key: "link_remove", Title: "去掉亲属登记"},
	{Key: "import-rules", Title: "导入细则"},
	{Key: "amend-rules", Title: "改细则"},
	{Key: "rules-in-force", Title: "细则开始执行"},
	{Key: "map-category", Title: "类别归类"},
	{Key: "category-parent", Title: "类别放到别的类别下面"},
	{Key: "inherit-rules", Title: "接过县里的范本"},
	{Key: "rules-step", Title: "补记四议两公开"},
	{Key: "carry-over", Title: "旧账结转"},
	{Key: "close_quarter", Title: "季度封账"},
	{Key: "publish_report", Title: "出报表"},
	{Key: "area_add", Title: "加市县乡村"},
	{Key: "village_save", Title: "改村的设置"},
	{Key: "grid_add", Title: "加网格"},
	{Key: "duties_set", Title: "网格分工"},
	{Key: "round_start", Title: "开始巡查"},
	{Key: "round_marks", Title: "巡查记结果"},
	{Key: "round_close", Title: "结束巡查"},
	{Key: "round_open", Title: "重新打开巡查"},
	{Key: "slips_print", Title: "印加分单"},
	{Key: "slip_use", Title: "录加分单"},
	{Key: "slips_void", Title: "作废加分单"},
	{Key: "add-account", Title: "加人员"},
	{Key: "add-grant", Title: "加角色"},
	{Key: "remove-grant", Title: "收回角色"},
	{Key: "disable-account", Title: "停用账号"},
	{Key: "enable-account", Title: "恢复账号"},
	{Key: "set-password", Title: "重设密码"},
	{Key: "own-password", Title: "改自己的密码"},
	{Key: "reset-password", Title: "在电脑上重设密码"},
	{Key: "first-admin", Title: "设第一位管理员"},
	{Key: "mode", Title: "改用法"},
}

func kindTitle(key string) string {
	if title := village.TitleOf(operationKinds, key); title != "" {
		return title
	}
	return "其他操作"
}

// fieldTitles are the fields whose old and new values the trail keeps.
var fieldTitles = map[string]string{
	"name": "名称", "class": "类别", "sponsor": "包抓", "sponsor_unit": "包抓单位", "small_limit": "免密码额度", "small_daily": "每天免密码额度",
	"rhythm_months": "几个月兑换一次", "red_list": "红榜", "number": "户号", "group": "组", "grid": "网格", "lane": "巷", "lane_order": "门序", "head": "户主",
	"residence": "居住情况", "origin": "户籍", "joining": "参加情况", "party": "党员户", "under14": "14岁以下人数", "hidden": "不上榜", "phone": "电话", "member": "成员",
	"suspended": "暂停评优", "reason": "理由", "lifted": "解除理由", "list": "榜", "title": "称号", "black_list": "黑榜", "resolution": "决议", "card": "积分卡",
	"relation": "关系", "left": "离开", "unit": "单位", "barcode": "条码", "position": "序号", "note": "备注", "halal": "清真", "mode": "用法",
	"issue_cap": "没换的分的上限（元）", "donor": "捐赠人", "consent": "同意公布姓名", "duties": "负责哪里", "round": "巡查", "mark": "一户的结果", "void": "作废的单号",
}

// valueTitles are the values that are kept as keys.
var valueTitles = map[string][]village.Option{
	"class": village.Classes, "sponsor": village.Sponsors, "residence": village.Residences, "origin": village.Origins, "joining": village.Joinings,
	"list": {{Key: register.Red, Title: "红榜"}, {Key: register.Black, Title: "黑榜"}}, "black_list": yesNo,
	"round":    {{Key: award.RoundOpen, Title: "正在走"}, {Key: award.RoundClosed, Title: "已结束"}},
	"red_list": yesNo, "party": yesNo, "hidden": yesNo, "halal": yesNo,
	"mode": {{Key: modeSingle, Title: "单机"}, {Key: modeCounty, Title: "县级"}},
}

var yesNo = []village.Option{{Key: "true", Title: "是"}, {Key: "1", Title: "是"}, {Key: "false", Title: "否"}, {Key: "0", Title: "否"}}

func valueTitle(field, value string) string {
	if value == "" {
		return ""
	}
	if title := village.TitleOf(valueTitles[field], value); title != "" {
		return title
	}
	return value
}
