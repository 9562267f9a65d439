package pages_test

import (
	"net/url"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/village"
)

const staffPassword = "shi-ba-zhen-3zu"

// openFace lets the village confirm face to face up to 50 points, 60 in an
// opening, and opens the counter.
func (s *shop) openFace() {
	s.Helper()
	s.must(market.SaveFaceLimits(s.Context(), s.d, db.NewOpID(), s.chen, s.village, market.FaceLimits{Limit: 5000, Session: 6000}))
	_, err := market.OpenSession(s.Context(), s.d, db.NewOpID(), s.chen, s.village, s.counter.ID)
	s.must(err)
}

func TestTillServesAHouseholdWithoutCardAndPINFaceToFace(t *testing.T) {
	s := newShop(t)
	s.openFace()
	s.Person("zhou", "周监督", models.Monitor, s.village)
	v := s.as("xiaoli")
	v.wants(v.scan("018"), 200, "没刷卡，也没设取货密码", "可以当面核对：50 分以内", `name="witness_login"`)
	cart := with(s.cart(s.yang, s.soap), "witness_login", "ZHOU", "read_out", "1")

	wrong := v.post("/counter/redeem", with(cart, "password", "guessed-wrong"))
	v.wants(wrong, 401, "核对人的登录名或密码不对", "没有扣分", `value="ZHOU"`)
	v.lacks(wrong, "guessed-wrong")
	v.wants(v.post("/counter/redeem", with(cart, "witness_login", "xiaoli", "password", staffPassword)), 403, "经办人以外的第二个人")
	s.wantPoints(s.yang, 10000)

	done := v.follow(v.post("/counter/redeem", with(cart, "password", staffPassword)))
	v.wants(done, 200, "已兑换，扣 20 分", "当面核对", "核对 周监督", "已读给领的人听")
	s.wantPoints(s.yang, 8000)
	v.wants(v.get(v.at+"?paper=80"), 200, "核对人", "领的人签字或按手印", "两人当面核对是本户")
	v.wants(v.post("/counter/redeem", with(s.cart(s.yang, s.rice), "witness_login", "zhou", "password", staffPassword)), 409, "这一场当面核对最多 60 分")
}

func TestTillLocksAWitnessWhosePasswordIsGuessed(t *testing.T) {
	s := newShop(t)
	s.openFace()
	s.Person("zhou", "周监督", models.Monitor, s.village)
	v := s.as("xiaoli")
	cart := with(s.cart(s.yang, s.soap), "witness_login", "zhou", "password", "nope-nope-nope")
	for range 5 {
		v.post("/counter/redeem", cart)
	}
	v.wants(v.post("/counter/redeem", with(cart, "password", staffPassword)), 423)
	s.wantPoints(s.yang, 10000)
}

func TestProxiesAreKeptByFamilyAndCommitteeAndChosenAtTheTill(t *testing.T) {
	s := newShop(t)
	base := "/committee/households/" + models.ID32(s.ma.ID)
	chen := s.as("chen")
	v := s.as("xiaoli")
	chen.wants(chen.post(base+"/proxies", url.Values{"name": {"马小军"}}), 422, "请选替领人和这一户的关系", `value="马小军"`)
	chen.wants(chen.follow(chen.post(base+"/proxies", url.Values{"name": {"马小军"}, "relation": {"子女"}, "limit": {"30"}})), 200, "已登记替领人 马小军", "马小军（子女），一次最多 30 分")
	all, err := market.Proxies(t.Context(), s.d, s.ma)
	s.must(err)
	v.wants(v.scan(string(s.cardOf(s.ma))), 200, "登记了 1 位", "马小军（子女），一次最多 30 分")
	cart := with(s.cart(s.ma, s.soap), "proxy_id", models.ID32(all[0].ID))
	v.wants(v.follow(v.post("/counter/redeem", cart)), 200, "马小军（子女） 替领")
	v.wants(v.post("/counter/redeem", with(s.cart(s.ma, s.rice), "proxy_id", models.ID32(all[0].ID), "pin", maPIN)), 403, "马小军一次最多替领 30 分")
	chen.wants(chen.get(base), 200, "洗衣液，马小军（子女）替领")
	chen.wants(chen.follow(chen.post(base+"/proxies/"+models.ID32(all[0].ID)+"/end", nil)), 200, "已取消替领", "没有登记替领人")
	v.wants(v.post("/counter/redeem", cart), 409, "这位替领人已经取消或用过了")
	chen.wants(chen.follow(chen.post(base+"/confirm", url.Values{"confirm": {village.ConfirmPIN}})), 200, "兑换时怎么确认：每次都输取货密码")
	v.wants(v.post("/counter/redeem", s.cart(s.ma, s.haircut)), 403, "这一户要求每次都用取货密码")
}
