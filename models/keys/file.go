package keys

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A key file is four lines that a person may open and read. The fingerprint
// line makes a damaged master key noticeable.
const (
	fileVersion = "pointstore-keys 1"
	fileNote    = "# 积分超市的密钥文件。请另存一份到别处（如U盘），不要改动，不要发给别人，也不要和数据库的备份放在一起；丢了它，卡片和取货密码都要重做。"
	fileLimit   = 4096 // bytes; a whole one has about 350
)

// Open reads the key file. When there is none and create is true it makes one
// with a fresh random key, readable by its owner only; the folder must exist.
// Refusals are ErrKeyFile (damaged) and ErrNoKeyFile (absent).
func Open(path string, create bool) (*Keys, error) {
	k, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if !create {
		return nil, ErrNoKeyFile.Because(err)
	}
	if err := write(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("making the key file: %w", err)
	}
	return read(path) // what was written, or what a second program made meanwhile
}

func read(path string) (*Keys, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, ErrKeyFile.With("密钥文件打不开，已停止启动，账本没有改动；请检查这个文件的权限").Because(err)
	}
	k, err := parse(b)
	if err != nil {
		return nil, ErrKeyFile.Because(fmt.Errorf("%s: %w", path, err))
	}
	return k, nil
}

// parse forgives what Notepad does to a text file: a byte order mark, CRLF,
// blank lines.
func parse(b []byte) (*Keys, error) {
	if len(b) > fileLimit {
		return nil, errors.New("too long for a key file")
	}
	var version, master, fingerprint string
	for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		switch word, rest, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "pointstore-keys":
			version = rest
		case "master":
			master = rest
		case "fingerprint":
			fingerprint = rest
		}
	}
	if version != "1" {
		return nil, fmt.Errorf("version %q, want 1", version)
	}
	raw, err := hex.DecodeString(master)
	if err != nil || len(raw) != masterSize {
		return nil, errors.New("the master line is damaged") // the cause would quote the key
	}
	k := fromMaster([masterSize]byte(raw))
	if k.fingerprint != fingerprint {
		return nil, errors.New("master and fingerprint do not belong together")
	}
	if k.master == testMaster {
		return nil, errors.New("the public test key")
	}
	return k, nil
}

// write writes the whole file under another name first: a power cut leaves
// either no key file or a good one. Link, unlike Rename, never replaces a file
// that another program has just made.
func write(path string) error {
	k := fromMaster([masterSize]byte(random(masterSize)))
	text := fmt.Sprintf("%s\n%s\nmaster %x\nfingerprint %s\n", fileVersion, fileNote, k.master, k.fingerprint)
	f, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return errors.Join(err, syncFolder(filepath.Dir(path)))
	}
	// A USB stick's file system knows no links.
	if _, there := os.Lstat(path); there == nil {
		return fs.ErrExist
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the new name survive a power cut. Windows cannot sync a
// folder and need not, so a refusal is no failure.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	d.Sync()
	return d.Close()
}
