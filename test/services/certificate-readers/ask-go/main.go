// Asks Go, for each certificate authority in a folder, whether it trusts a server. See ../questions.ts for the folder.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	folder := os.Args[1]
	fmt.Println("version\t" + runtime.Version())
	bundles, _ := filepath.Glob(filepath.Join(folder, "*.bundle.pem"))
	key := read(folder, "key.pem")
	other := read(folder, "other.pem")
	for _, bundle := range bundles {
		name := strings.TrimSuffix(filepath.Base(bundle), ".bundle.pem")
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(read(bundle))
		verdict := func(leaf []byte) string { return handshake(roots, leaf, key) }
		fmt.Println(strings.Join([]string{name, verdict(read(folder, name+".leaf.pem")), verdict(other)}, "\t"))
	}
}

// Shakes hands with a server in this process, on loopback.
func handshake(roots *x509.CertPool, leaf, key []byte) string {
	pair, err := tls.X509KeyPair(leaf, key)
	if err != nil {
		return "no server: " + err.Error()
	}
	// A pipe in memory would not do: both sides may write at once.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	go func() {
		if there, err := listener.Accept(); err == nil {
			tls.Server(there, &tls.Config{Certificates: []tls.Certificate{pair}}).Handshake()
			there.Close()
		}
	}()
	here, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	defer here.Close()
	if err := tls.Client(here, &tls.Config{RootCAs: roots, ServerName: "server.test"}).Handshake(); err != nil {
		return strings.ReplaceAll(err.Error(), "\n", " ")
	}
	return "trusted"
}

func read(parts ...string) []byte {
	bytes, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		panic(err)
	}
	return bytes
}
