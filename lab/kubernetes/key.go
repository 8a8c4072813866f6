package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
)

// keyCommand writes a new private key, which signs the tokens of service accounts, to a file.
func keyCommand(arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("usage: key FILE")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	block := &pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}
	return os.WriteFile(arguments[0], pem.EncodeToMemory(block), 0o600)
}
