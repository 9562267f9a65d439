package market

import (
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// The refusals of 当面核对 and of a household's own wish.
var (
	ErrNoFace      = &models.Error{Kind: models.Forbidden, Code: "face_off", Field: "witness_login", Say: "村里没有开当面核对，没有扣分；请村民输入取货密码，或请村委在设置里定额度"}
	ErrFaceLimit   = &models.Error{Kind: models.Forbidden, Code: "face_limit", Field: "witness_login", Say: "超过当面核对的额度，没有扣分；请少换一点，或请村民输入取货密码"}
	ErrFaceSession = &models.Error{Kind: models.Conflict, Code: "face_session", Field: "witness_login", Say: "这一场当面核对的额度用完了，没有扣分；请村民输入取货密码"}
	ErrFaceClosed  = &models.Error{Kind: models.Conflict, Code: "face_closed", Field: "witness_login", Say: "还没有开场，不能当面核对，没有扣分；请先开场再办"}
	ErrWitness     = &models.Error{Kind: models.Forbidden, Code: "witness", Field: "witness_login", Say: "当面核对要经办人以外的第二个人，没有扣分；请另一位同事或监督员来输自己的密码"}
	ErrWitnessKin  = &models.Error{Kind: models.Forbidden, Code: "witness_kin", Field: "witness_login", Say: "核对人是这一户自己家或亲属，没有扣分；请换一位同事或监督员"}
	ErrPrefers     = &models.Error{Kind: models.Forbidden, Code: "household_prefers", Field: "pin", Say: "这一户要求每次都用取货密码或手机取货码，没有扣分；请村民输入取货密码"}
)

// Face is the second half of 当面核对: somebody else who knows the holder. The
// caller has had account.Confirm say who it is.
type Face struct {
	Witness int64 `json:",omitempty"` // the account
	ReadOut bool  `json:",omitempty"` // the receipt was read to a holder who does not read
	who     models.Actor
}

// WitnessedBy is the confirmation of a second person.
func WitnessedBy(who models.Actor, readOut bool) Face {
	return Face{Witness: who.Account, ReadOut: readOut, who: who}
}

// vouch looks at who stands behind the cart: how the household wants to confirm,
// the second person, and whoever fetches the goods.
func (s *sale) vouch(tx *db.Tx) error {
	if (s.Confirm == BySmall || s.Confirm == ByFace) && (s.prefers == village.ConfirmPIN || s.prefers == village.ConfirmVoucher) {
		return ErrPrefers
	}
	if s.Confirm == ByFace {
		if err := s.faceToFace(tx); err != nil {
			return err
		}
	}
	return s.useProxy(tx)
}

// faceToFace bounds what two people may hand over on their word. The opening's
// row is the guard: two tills cannot pass its ceiling together.
func (s *sale) faceToFace(tx *db.Tx) error {
	var limit, session models.Points
	if err := tx.SQL.Row("SELECT face_limit, face_session FROM villages WHERE village_id = ?", s.Village).Scan(&limit, &session); err != nil {
		return err
	}
	switch {
	case limit == 0:
		return ErrNoFace
	case s.total > limit:
		return ErrFaceLimit.With("当面核对一次最多 " + limit.String() + " 分，没有扣分；请少换一点，或请村民输入取货密码")
	case s.opening == 0:
		return ErrFaceClosed
	}
	if err := s.mayWitness(tx); err != nil {
		return err
	}
	n, err := tx.SQL.Exec("UPDATE openings SET face_points = face_points + ? WHERE village_id = ? AND id = ? AND face_points + ? <= ?",
		int64(s.total), s.Village, s.opening, int64(s.total), int64(session))
	if err == nil && n == 0 {
		return ErrFaceSession.With("这一场当面核对最多 " + session.String() + " 分，加上这一笔就超了，没有扣分；请少换一点，或请村民输入取货密码")
	}
	return err
}

// mayWitness refuses the clerk as his own witness, strangers to the village, and
// the household's own people.
func (s *sale) mayWitness(tx *db.Tx) error {
	who := s.Face.who
	if who.Account == 0 || who.Account != s.Face.Witness || who.Account == s.clerk.Account {
		return ErrWitness
	}
	at, err := village.PlaceOf(tx.Statement.Context, tx, s.Village)
	if err != nil {
		return err
	}
	switch who.MayFor(models.SeeHouseholds, at, s.household()) {
	case nil:
		return nil
	case models.ErrOwnHome:
		return ErrWitnessKin
	}
	return ErrWitness.With("“" + who.Name + "”不是这个村的工作人员或监督员，没有扣分；请换一位")
}

// vouched tells the receipt who stood behind it.
func (s *sale) vouched(tx *db.Tx, r *Receipt) {
	r.WitnessID, r.ReadOut, r.ProxyID, r.SlipNo, r.Late = s.Face.Witness, s.Face.ReadOut, s.ProxyID, s.slip.number, s.slip.late(tx)
	if r.WitnessID != 0 {
		r.Witness = s.Face.who.Name
	}
}

// unvouch gives back what an undone receipt had used up: the opening's ceiling
// and a proxy's one time.
func (r *Receipt) unvouch(tx *db.Tx) error {
	if r.Confirm == ByFace && r.Opening != 0 {
		if _, err := tx.SQL.Exec("UPDATE openings SET face_points = face_points - ? WHERE village_id = ? AND id = ? AND face_points >= ?",
			int64(r.Points), r.Household.Village, r.Opening, int64(r.Points)); err != nil {
			return err
		}
	}
	if r.ProxyID == 0 {
		return nil
	}
	_, err := tx.SQL.Exec("UPDATE proxies SET used_at = 0 WHERE village_id = ? AND id = ? AND once = 1", r.Household.Village, r.ProxyID)
	return err
}
