// Lists the members of tar archives as Go's archive/tar reads them, which container engines use to apply layers. For each
// archive it prints one line of JSON: the members' types, names and targets and contents in hexadecimal, and the error
// that ended it, if any.
package main

import (
	"archive/tar"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
)

type member struct {
	Type, Name, Target, Content string
}

type listing struct {
	Members []member
	Error   string
}

func list(path string) (all listing) {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	all.Members = []member{}
	for reader := tar.NewReader(file); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			all.Error = err.Error()
			return
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			all.Error = err.Error()
			return
		}
		all.Members = append(all.Members, member{
			Type:    string(rune(header.Typeflag)),
			Name:    hex.EncodeToString([]byte(header.Name)),
			Target:  hex.EncodeToString([]byte(header.Linkname)),
			Content: hex.EncodeToString(content),
		})
	}
}

func main() {
	output := json.NewEncoder(os.Stdout)
	for _, path := range os.Args[1:] {
		if err := output.Encode(list(path)); err != nil {
			panic(err)
		}
	}
}
