package village

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// The refusals of cards. An unknown, forged or foreign one gets one and the
// same sentence.
var (
	ErrNoCard  = models.ErrNotFound.With("没有找到这张卡，请核对或换卡")
	ErrOldCard = &models.Error{Kind: models.Gone, Code: "card_replaced", Say: "这张卡已换新，旧卡不能用"}
)

// Card says whose a card is. Dead cards have been replaced.
type Card struct {
	models.Household
	CardNo int64
	Dead   bool
}

// CardToken is what the household's card in force carries. The token is made
// from the key file and kept nowhere: the database has its hash only.
func CardToken(k *keys.Keys, home Home) keys.Token { return k.Card(home.Household, home.CardNo) }

// FindCard finds the household of a card: ErrNoCard, or ErrOldCard together
// with whose it was.
func FindCard(ctx context.Context, c db.Conn, t keys.Token) (Card, error) {
	hash := t.Hash()
	var card Card
	err := c.Stmts(ctx).Row(`SELECT i.village_id, i.household_id, i.card_no, h.card_no <> i.card_no
		FROM card_index i JOIN households h ON h.village_id = i.village_id AND h.id = i.household_id WHERE i.token_hash = ?`, hash[:]).
		Scan(&card.Village, &card.ID, &card.CardNo, &card.Dead)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return card, ErrNoCard
	case err == nil && card.Dead:
		return card, ErrOldCard
	}
	return card, err
}

// IssueCard gives a household its next card; the ones before are dead at once.
func IssueCard(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, h models.Household) (cardNo int64, err error) {
	err = d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "card_issue", Asked: h, By: by, Subject: h.ID, Answer: &cardNo}, func(tx *db.Tx) error {
		home, err := GetHome(ctx, tx, h)
		if err != nil {
			return err
		}
		if err := may(tx, by, models.SetUpVillage, h.Village); err != nil {
			return err
		}
		cardNo = home.CardNo + 1
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE households SET card_no = ? WHERE village_id = ? AND id = ? AND card_no = ?", cardNo, h.Village, h.ID, home.CardNo); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("UPDATE cards SET revoked_at = ? WHERE village_id = ? AND household_id = ? AND revoked_at = 0", int64(tx.Now), h.Village, h.ID); err != nil {
			return err
		}
		if err := tx.Note(h.Village, db.Note{Field: "card", Old: cardName(home.CardNo), New: cardName(cardNo)}); err != nil {
			return err
		}
		return writeCards(tx, k, []models.Household{h}, cardNo)
	})
	return cardNo, err
}

// cardName is a card as the trail tells it; empty for none.
func cardName(no int64) string {
	if no == 0 {
		return ""
	}
	return "第 " + strconv.FormatInt(no, 10) + " 张"
}

// EnsureCards gives card number 1 to those of the households that have none.
// Whoever calls it has asked whether they may.
func EnsureCards(tx *db.Tx, k *keys.Keys, all []models.Household) error {
	for village, ids := range byVillage(all) {
		var without []models.Household
		err := eachOf(tx.Statement.Context, tx, func(row db.Scanner) error {
			h := models.Household{Village: village}
			err := row.Scan(&h.ID)
			without = append(without, h)
			return err
		}, "SELECT id FROM households WHERE village_id = ? AND card_no = 0 AND id IN ?", village, ids)
		if err != nil {
			return err
		}
		if err := firstCards(tx, k, village, without); err != nil {
			return err
		}
	}
	return nil
}

// firstCards writes card 1 for households that have none.
func firstCards(tx *db.Tx, k *keys.Keys, village int64, without []models.Household) error {
	for chunk := range slices.Chunk(without, idsAtOnce) {
		ids := make([]int64, len(chunk))
		for i, h := range chunk {
			ids[i] = h.ID
		}
		r := tx.Exec("UPDATE households SET card_no = 1 WHERE village_id = ? AND card_no = 0 AND id IN ?", village, ids)
		if r.Error != nil {
			return r.Error
		}
		if int(r.RowsAffected) != len(ids) {
			return db.ErrLost
		}
		if err := writeCards(tx, k, chunk, 1); err != nil {
			return err
		}
	}
	return nil
}

func byVillage(all []models.Household) map[int64][]int64 {
	out := map[int64][]int64{}
	for _, h := range all {
		out[h.Village] = append(out[h.Village], h.ID)
	}
	return out
}

func writeCards(tx *db.Tx, k *keys.Keys, all []models.Household, cardNo int64) error {
	var cards, index []any
	for _, h := range all {
		hash := k.Card(h, cardNo).Hash()
		cards = append(cards, h.Village, h.ID, cardNo, hash[:], int64(tx.Now))
		index = append(index, hash[:], h.Village, h.ID, cardNo)
	}
	if err := tx.SQL.Many("INSERT INTO cards (village_id, household_id, card_no, token_hash, issued_at)", "", 5, cards); err != nil {
		return err
	}
	return tx.SQL.Many("INSERT INTO card_index (token_hash, village_id, household_id, card_no)", "", 4, index)
}

// FirstCards gives card 1 to every household of the village that has none and
// answers how many there were; printing begins with it.
func FirstCards(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, village int64) (made int, err error) {
	err = d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "cards_first", By: by, Subject: village, Answer: &made}, func(tx *db.Tx) error {
		if err := may(tx, by, models.SetUpVillage, village); err != nil {
			return err
		}
		var without []models.Household
		if err := tx.SQL.Each(func(row db.Scanner) error {
			h := models.Household{Village: village}
			err := row.Scan(&h.ID)
			without = append(without, h)
			return err
		}, "SELECT id FROM households WHERE village_id = ? AND card_no = 0 AND left_at = 0 ORDER BY id", village); err != nil {
			return err
		}
		made = len(without)
		return firstCards(tx, k, village, without)
	})
	return made, err
}
