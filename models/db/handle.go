package db

// Handle is the open database behind a connection: the key under which a
// process keeps what never changes.
func (d *DB) Handle() *DB { return d }

// Handle implements Conn.
func (tx *Tx) Handle() *DB { return tx.of }

// notesFrom leaves room for Op.Notes, which are numbered from 0.
const notesFrom = 1000

type noteCount struct{}

// Note adds old and new values to the running operation's trail, for activities
// that learn the old ones inside the transaction. Equal values are left out.
func (tx *Tx) Note(village int64, notes ...Note) error {
	next := Keep(tx, noteCount{}, func() *int { n := notesFrom; return &n })
	for _, n := range notes {
		if n.Old == n.New {
			continue
		}
		if _, err := tx.SQL.Exec("INSERT INTO operation_notes (village_id, op_id, n, field, old_value, new_value) VALUES (?, ?, ?, ?, ?, ?)",
			village, tx.Op[:], *next, n.Field, n.Old, n.New); err != nil {
			return err
		}
		*next++
	}
	return nil
}
