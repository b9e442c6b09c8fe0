// Shakes hands with servers that are described on standard input, one JSON document a line, each a server in this process
// with its own chain and a client with its own bundle. Prints one JSON document a line: whether the client trusts the
// server, and what it says. With arguments, HOST:PORT each, it shakes hands with these servers instead and trusts all.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"runtime"
	"time"
)

type request struct {
	Bundle string   // PEM
	Sent   [][]byte // DER, the server's own certificate first
	Key    []byte   // PKCS #8
	Host   string
	Now    int64 // seconds
}

type answer struct {
	Version string `json:"version"`
	Trusted bool   `json:"trusted"`
	Error   string `json:"error"`
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	output := json.NewEncoder(os.Stdout)
	for _, place := range os.Args[1:] {
		said := ""
		connection, err := tls.Dial("tcp", place, &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			said = err.Error()
		} else {
			connection.Close()
		}
		output.Encode(answer{runtime.Version(), said == "", said})
	}
	if len(os.Args) > 1 {
		return
	}
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 16<<20)
	for input.Scan() {
		var asked request
		if err := json.Unmarshal(input.Bytes(), &asked); err != nil {
			panic(err)
		}
		said := handshake(listener, asked)
		output.Encode(answer{runtime.Version(), said == "", said})
	}
}

func handshake(listener net.Listener, asked request) (said string) {
	// Go before 1.21.8 panics at keys of unknown kinds (CVE-2024-24783).
	defer func() {
		if problem := recover(); problem != nil {
			said = fmt.Sprint("panic: ", problem)
		}
	}()
	key, err := x509.ParsePKCS8PrivateKey(asked.Key)
	if err != nil {
		return "no server: " + err.Error()
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(asked.Bundle))
	here, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return "no connection: " + err.Error()
	}
	defer here.Close()
	there, err := listener.Accept()
	if err != nil {
		return "no connection: " + err.Error()
	}
	go func() {
		defer there.Close()
		chain := tls.Certificate{Certificate: asked.Sent, PrivateKey: key}
		tls.Server(there, &tls.Config{Certificates: []tls.Certificate{chain}}).Handshake()
	}()
	now := func() time.Time { return time.Unix(asked.Now, 0) }
	client := tls.Client(here, &tls.Config{RootCAs: roots, ServerName: asked.Host, Time: now})
	if err := client.Handshake(); err != nil {
		return err.Error()
	}
	return ""
}
