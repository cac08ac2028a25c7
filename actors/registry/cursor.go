package registry

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// A cursor is one block: the position of the last job that was listed and a mark, enciphered for its principal. Whoever
// makes one up does not meet the mark, and one of another principal does not either.
const mark = 0x6172_6370_6a6f_6231 // "arcpjob1"

// wire is how a cursor is written; nothing else than what it wrote is read.
var wire = base64.RawURLEncoding.Strict()

// seal writes a position as a cursor of a principal.
func (m *Machine) seal(observer *principal, position uint64) string {
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:], position)
	binary.BigEndian.PutUint64(block[8:], mark)
	m.cipher(observer).Encrypt(block[:], block[:])
	return wire.EncodeToString(block[:])
}

// unseal reads a cursor of a principal; "" is the beginning. It says whether the cursor is genuine.
func (m *Machine) unseal(observer *principal, cursor string) (position uint64, genuine bool) {
	if cursor == "" {
		return 0, true
	}
	if len(cursor) != wire.EncodedLen(aes.BlockSize) {
		return 0, false
	}
	block, err := wire.DecodeString(cursor)
	if err != nil || len(block) != aes.BlockSize {
		return 0, false
	}
	m.cipher(observer).Decrypt(block, block)
	return binary.BigEndian.Uint64(block), binary.BigEndian.Uint64(block[8:]) == mark
}

func (m *Machine) cipher(observer *principal) cipher.Block {
	key := sha256.Sum256(append(m.config.CursorKey[:], observer.name...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("registry: a key of 32 bytes is one of AES: " + err.Error())
	}
	return block
}
