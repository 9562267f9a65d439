package db

import (
	"errors"

	driver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
	"modernc.org/sqlite"

	"pointstore/models"
)

// ErrDuplicate is a broken unique key, in either database's words.
var ErrDuplicate = gorm.ErrDuplicatedKey

// ErrLost says that a guard did not hold because somebody else was faster: the
// whole transaction starts again.
var ErrLost = errors.New("lost a race")

// sqlite's extended result codes.
const (
	sqliteBusy       = 5
	sqliteReadOnly   = 8
	sqliteFull       = 13
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	sqliteRowID      = 2579
)

// retry is the one list of reasons to run a transaction again: lost guards and
// the databases' own words for "not now" (SQLite busy; MariaDB and MySQL
// snapshot changed, Galera not ready, lock timeout, deadlock; TiDB write
// conflict, region gone, pessimistic lock lost).
func retry(err error) bool {
	if errors.Is(err, ErrLost) {
		return true
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code()&0xff == sqliteBusy
	}
	var m *driver.MySQLError
	if errors.As(err, &m) {
		switch m.Number {
		case 1020, 1047, 1205, 1213, 9007, 8002, 8022:
			return true
		}
	}
	return false
}

// IsDuplicate reports a broken unique key.
func IsDuplicate(err error) bool { return errors.Is(err, ErrDuplicate) }

// translate puts the driver's words into ours: a broken key is ErrDuplicate, a
// full disk and a read-only file are refusals people can understand.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		switch code := s.Code(); {
		case code == sqliteUnique || code == sqlitePrimaryKey || code == sqliteRowID:
			return errors.Join(ErrDuplicate, err)
		case code&0xff == sqliteFull:
			return models.ErrDiskFull.Because(err)
		case code&0xff == sqliteReadOnly:
			return models.ErrDiskFull.With("数据文件现在不能写入，暂时只能查不能记，请联系管理员").Because(err)
		}
		return err
	}
	var m *driver.MySQLError
	if errors.As(err, &m) {
		switch m.Number {
		case 1062, 1586:
			return errors.Join(ErrDuplicate, err)
		case 1021, 1114:
			return models.ErrDiskFull.Because(err)
		}
	}
	return err
}
