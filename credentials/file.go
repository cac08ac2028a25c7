package credentials

import (
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// File is a Ledger in a file, which survives crashes and restarts (R14-5). Use OpenFile, and Close when its runtime has
// shut down.
type File struct{ db *bbolt.DB }

var outstanding = []byte("outstanding")

// lockWait is how long OpenFile waits for another process to let go of the file.
const lockWait = 5 * time.Second

// OpenFile opens a ledger, and makes the file where there is none, readable by its owner only. The file is locked: a second
// runtime, which would revoke what the first one uses, gets an error.
func OpenFile(path string) (*File, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait})
	if err != nil {
		return nil, fmt.Errorf("credentials: the ledger %s: %w", path, err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(outstanding)
		return err
	})
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("credentials: the ledger %s: %w", path, err)
	}
	return &File{db: db}, nil
}

// Add is that of Ledger: when it returns nil, the entries are on the disk.
func (f *File) Add(entries ...Entry) error {
	return f.write(func(bucket *bbolt.Bucket) error {
		for _, entry := range entries {
			text, err := json.Marshal(entry)
			if err != nil {
				return err
			}
			if err := bucket.Put([]byte(entry.Handle), text); err != nil {
				return err
			}
		}
		return nil
	})
}

// Done is that of Ledger.
func (f *File) Done(handle string) error {
	return f.write(func(bucket *bbolt.Bucket) error { return bucket.Delete([]byte(handle)) })
}

// write is one change. Changes of several goroutines share one write to the disk.
func (f *File) write(change func(*bbolt.Bucket) error) error {
	err := f.db.Batch(func(tx *bbolt.Tx) error { return change(tx.Bucket(outstanding)) })
	if err != nil {
		return fmt.Errorf("credentials: the ledger: %w", err)
	}
	return nil
}

// Outstanding is that of Ledger.
func (f *File) Outstanding() ([]Entry, error) {
	var all []Entry
	err := f.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(outstanding).ForEach(func(handle, text []byte) error {
			// An entry that cannot be read is still to be revoked; its name is enough for that.
			entry := Entry{}
			_ = json.Unmarshal(text, &entry)
			entry.Handle = string(handle)
			all = append(all, entry)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("credentials: the ledger: %w", err)
	}
	return all, nil
}

// Close lets go of the file.
func (f *File) Close() error { return f.db.Close() }
