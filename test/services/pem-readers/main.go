// Prints a line for each file: the SHA-256 of every block that Go's x509 parses as a certificate, with an exclamation mark
// if it is none. This follows the loop of CertPool.AppendCertsFromPEM (crypto/x509, cert_pool.go), which does not say what
// it took.
package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
)

func main() {
	for _, file := range os.Args[1:] {
		bytes, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		digests := []string{}
		for len(bytes) > 0 {
			var block *pem.Block
			block, bytes = pem.Decode(bytes)
			if block == nil {
				break
			}
			if block.Type == "CERTIFICATE" && len(block.Headers) == 0 && len(block.Bytes) > 0 {
				mark := ""
				if _, err := x509.ParseCertificate(block.Bytes); err != nil {
					mark = "!"
				}
				digests = append(digests, fmt.Sprintf("%x%s", sha256.Sum256(block.Bytes), mark))
			}
		}
		fmt.Println(strings.Join(digests, " "))
	}
}
