package migrations_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pointstore/migrations"
	"pointstore/models/db"
	"pointstore/models/modelstest"
)

// shape is what a database's tables look like, in words both dialects share.
type shape map[string][]string

var sorts = map[string]string{
	"INTEGER": "number", "BIGINT": "number",
	"TEXT": "text", "VARCHAR": "text", "MEDIUMTEXT": "text", "LONGTEXT": "text",
	"BLOB": "bytes", "VARBINARY": "bytes", "MEDIUMBLOB": "bytes", "LONGBLOB": "bytes",
}

func column(t *testing.T, name, typ string, notNull bool, def sql.NullString) string {
	t.Helper()
	base, _, _ := strings.Cut(strings.ToUpper(typ), "(")
	sort, ok := sorts[base]
	if !ok {
		t.Fatalf("column %s has the type %s, which the other database may not know", name, typ)
	}
	null := "null"
	if notNull {
		null = "not null"
	}
	value := ""
	if def.Valid && !strings.EqualFold(def.String, "NULL") {
		value = " default " + strings.Trim(def.String, "'")
	}
	return fmt.Sprintf("%s %s %s%s", name, sort, null, value)
}

func sqliteShape(t *testing.T, conn *sql.DB) shape {
	t.Helper()
	out := shape{}
	for _, table := range list(t, conn, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'") {
		var key []string
		byPlace := map[int]string{}
		each(t, conn, func(rows *sql.Rows) error {
			var (
				name, typ   string
				notNull, pk int
				def         sql.NullString
			)
			if err := rows.Scan(&name, &typ, &notNull, &def, &pk); err != nil {
				return err
			}
			out[table] = append(out[table], column(t, name, typ, notNull == 1, def))
			if pk > 0 {
				byPlace[pk] = name
			}
			return nil
		}, "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(?) ORDER BY cid", table)
		for _, place := range slices.Sorted(maps.Keys(byPlace)) {
			key = append(key, byPlace[place])
		}
		out[table] = append(out[table], "primary key "+strings.Join(key, ", "))

		var indexes []string
		each(t, conn, func(rows *sql.Rows) error {
			var name, columns string
			var unique bool
			if err := rows.Scan(&name, &unique, &columns); err != nil {
				return err
			}
			indexes = append(indexes, index(name, unique, columns))
			return nil
		}, `SELECT l.name, l."unique", (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno))
			FROM pragma_index_list(?) l WHERE l.origin = 'c'`, table)
		slices.Sort(indexes)
		out[table] = append(out[table], indexes...)
	}
	return out
}

func mysqlShape(t *testing.T, conn *sql.DB) shape {
	t.Helper()
	out := shape{}
	for _, table := range list(t, conn, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'goose%'") {
		each(t, conn, func(rows *sql.Rows) error {
			var name, typ, null string
			var def, collation sql.NullString
			if err := rows.Scan(&name, &typ, &null, &def, &collation); err != nil {
				return err
			}
			if collation.Valid && collation.String != "utf8mb4_bin" {
				t.Errorf("%s.%s compares by %s: names that only look alike would be one", table, name, collation.String)
			}
			out[table] = append(out[table], column(t, name, typ, null == "NO", def))
			return nil
		}, "SELECT column_name, column_type, is_nullable, column_default, collation_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position", table)

		var indexes []string
		each(t, conn, func(rows *sql.Rows) error {
			var name, columns string
			var unique bool
			if err := rows.Scan(&name, &unique, &columns); err != nil {
				return err
			}
			if name == "PRIMARY" {
				out[table] = append(out[table], "primary key "+columns)
				return nil
			}
			indexes = append(indexes, index(name, unique, columns))
			return nil
		}, `SELECT index_name, MIN(non_unique) = 0, GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', ')
			FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? GROUP BY index_name`, table)
		slices.Sort(indexes)
		out[table] = append(out[table], indexes...)
	}
	return out
}

func index(name string, unique bool, columns string) string {
	kind := "index"
	if unique {
		kind = "unique"
	}
	return kind + " " + name + " on " + columns
}

func list(t *testing.T, conn *sql.DB, query string) (names []string) {
	t.Helper()
	each(t, conn, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}, query)
	return names
}

func each(t *testing.T, conn *sql.DB, row func(*sql.Rows) error, query string, args ...any) {
	t.Helper()
	rows, err := conn.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestBothDialectsEndWithTheSameTables(t *testing.T) {
	lite, _ := modelstest.Open(t)
	maria, _ := modelstest.OpenMariaDB(t)
	want, got := sqliteShape(t, lite.SQL()), mysqlShape(t, maria.SQL())

	if len(want) < 30 {
		t.Fatalf("only %d tables were found", len(want))
	}
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[table]; !ok {
			t.Errorf("%s is missing on MariaDB", table)
			continue
		}
		if !slices.Equal(want[table], got[table]) {
			t.Errorf("%s differs\nSQLite:  %s\nMariaDB: %s", table, strings.Join(want[table], "\n         "), strings.Join(got[table], "\n         "))
		}
	}
	for table := range got {
		if _, ok := want[table]; !ok {
			t.Errorf("%s is missing on SQLite", table)
		}
	}
}

// Without MariaDB the twins' file names and tables still have to agree.
func TestTwinFilesAreNumberedAlike(t *testing.T) {
	read := func(dialect string) (tables []string) {
		files, err := filepath.Glob(dialect + "/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatal("no migrations", err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "CREATE ") {
					head, _, _ := strings.Cut(line, "(")
					tables = append(tables, filepath.Base(file)+": "+strings.TrimSpace(head))
				}
				for _, word := range []string{"FOREIGN KEY", "CHECK (", "CREATE TRIGGER", "AUTO_INCREMENT", "AUTOINCREMENT"} {
					if strings.Contains(strings.ToUpper(line), word) {
						t.Errorf("%s relies on %s, which a cluster does not give", file, word)
					}
				}
			}
		}
		return tables
	}
	lite, mysql := read("sqlite"), read("mysql")
	for _, head := range lite {
		if !slices.Contains(mysql, head) && !strings.Contains(head, "INDEX") { // MySQL declares its indexes inside the table
			t.Errorf("%s has no twin in mysql/", head)
		}
	}
	for _, head := range mysql {
		if !slices.Contains(lite, head) {
			t.Errorf("%s has no twin in sqlite/", head)
		}
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		ctx, dialect := context.Background(), d.Dialect.String()
		look := sqliteShape
		if dialect == "mysql" {
			look = mysqlShape
		}
		if _, err := d.SQL().Exec("INSERT INTO settings (name, value) VALUES ('kept', '留着')"); err != nil {
			t.Fatal(err)
		}
		before := look(t, d.SQL())

		var both sync.WaitGroup
		for range 2 { // two programs that start at the same moment
			both.Go(func() {
				if n, err := migrations.Up(ctx, d.SQL(), dialect); err != nil || n != 0 {
					t.Errorf("the second time took %d steps: %v", n, err)
				}
			})
		}
		both.Wait()

		if pending, err := migrations.Pending(ctx, d.SQL(), dialect); err != nil || pending != 0 {
			t.Errorf("%d steps are pending: %v", pending, err)
		}
		if after := look(t, d.SQL()); !maps.EqualFunc(before, after, slices.Equal) {
			t.Errorf("the tables changed:\n%v\n%v", before, after)
		}
		var kept string
		if err := d.SQL().QueryRow("SELECT value FROM settings WHERE name = 'kept'").Scan(&kept); err != nil || kept != "留着" {
			t.Errorf("the row is now %q: %v", kept, err)
		}
	})
}

func TestTwoProgramsMayMigrateAFreshDatabaseAtOnce(t *testing.T) {
	dsn := modelstest.MariaDB(t)
	var took [2]int
	var both sync.WaitGroup
	for i := range took {
		both.Go(func() {
			d, err := db.Open(context.Background(), "", dsn)
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Close()
			if took[i], err = migrations.Up(context.Background(), d.SQL(), "mysql"); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if files, _ := filepath.Glob("mysql/*.sql"); took[0]+took[1] != len(files) || took[0]*took[1] != 0 {
		t.Errorf("the two took %v steps of %d", took, len(files))
	}
}

func TestPendingCountsTheStepsOfAFreshDatabase(t *testing.T) {
	ctx := context.Background()
	files, _ := filepath.Glob("mysql/*.sql")
	count := func(t *testing.T, path, dsn string) {
		d, err := db.Open(ctx, path, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if n, err := migrations.Pending(ctx, d.SQL(), d.Dialect.String()); err != nil || n != len(files) {
			t.Errorf("%d steps are pending (%v), want %d", n, err, len(files))
		}
	}
	t.Run("sqlite", func(t *testing.T) { count(t, filepath.Join(t.TempDir(), "points.db"), "") })
	t.Run("mariadb", func(t *testing.T) { count(t, "", modelstest.MariaDB(t)) })
}
