// Checks a served ledger with Go's own sumdb packages, which share no code with us: the head's signature, every tile
// against the head's root, inclusion and consistency proofs made from tiles, proofs made by the server, and entries.
//
//	go run check.go -url https://host:port -ca root.pem -key ledger.vkey -cert auditor.pem -certkey auditor.key -proofs FILE
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type server struct {
	url    string
	client *http.Client
	seen   map[string][]byte // tiles never change
}

func (s server) get(path string) ([]byte, error) {
	response, err := s.client.Get(s.url + "/tlog/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != 200 {
		err = fmt.Errorf("%s: %s", path, response.Status)
	}
	return body, err
}

// The path of tlog-tiles: Go's own without the height.
func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}

func (s server) Height() int { return height }
func (s server) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, known := s.seen[path(tile)]
		if !known {
			var err error
			if data, err = s.get(path(tile)); err != nil {
				return nil, err
			}
			s.seen[path(tile)] = data
		}
		all = append(all, data)
	}
	return all, nil
}
func (s server) SaveTiles([]tlog.Tile, [][]byte) {}

// What the server's API answered: proofs that it made itself.
type proofs struct {
	Inclusion []struct {
		Index  int64    `json:"index"`
		Size   int64    `json:"size"`
		Root   []byte   `json:"root"`
		Entry  []byte   `json:"entry"`
		Hashes [][]byte `json:"hashes"`
	} `json:"inclusion"`
	Consistency []struct {
		From   int64    `json:"from"`
		Size   int64    `json:"size"`
		Root   []byte   `json:"root"`
		Hashes [][]byte `json:"hashes"`
	} `json:"consistency"`
}

func hashOf(bytes []byte) (hash tlog.Hash) {
	if copy(hash[:], bytes) != len(hash) {
		panic("not a hash")
	}
	return hash
}
func hashesOf(all [][]byte) (hashes []tlog.Hash) {
	for _, one := range all {
		hashes = append(hashes, hashOf(one))
	}
	return hashes
}

// Size and root of a head that `verifier` has signed.
func readHead(text []byte, verifier note.Verifier) (tlog.Tree, error) {
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tlog.Tree{}, errors.New("the head does not have three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func split(bundle []byte) (entries [][]byte) {
	for len(bundle) > 0 {
		length := int(bundle[0])<<8 | int(bundle[1])
		entries = append(entries, bundle[2:2+length])
		bundle = bundle[2+length:]
	}
	return entries
}

func check(s server, verifier note.Verifier, given proofs) error {
	text, err := s.get("checkpoint")
	if err != nil {
		return err
	}
	tree, err := readHead(text, verifier)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, s) // checks each tile against the root
	for index := int64(0); index < tree.N; index++ {
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			return fmt.Errorf("inclusion of %d: %w", index, err)
		}
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0]); err != nil {
			return fmt.Errorf("inclusion of %d: %w", index, err)
		}
	}
	for size := int64(1); size <= tree.N; size++ {
		old, err := tlog.TreeHash(size, reader)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(tree.N, size, reader)
		if err != nil {
			return fmt.Errorf("consistency from %d: %w", size, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, size, old); err != nil {
			return fmt.Errorf("consistency from %d: %w", size, err)
		}
	}
	index := int64(0)
	for index < tree.N {
		tile := tlog.Tile{H: height, N: index >> height, W: int(min(tree.N-index, 1<<height))}
		bundle, err := s.get(strings.Replace(path(tile), "tile/0/", "tile/entries/", 1))
		if err != nil {
			return err
		}
		for _, entry := range split(bundle) {
			leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			if err != nil {
				return err
			}
			if tlog.RecordHash(entry) != leaf[0] {
				return fmt.Errorf("entry %d does not hash to its leaf", index)
			}
			index++
		}
	}
	if index != tree.N {
		return fmt.Errorf("%d entries of %d", index, tree.N)
	}
	for _, one := range given.Inclusion {
		if err := tlog.CheckRecord(hashesOf(one.Hashes), one.Size, hashOf(one.Root), one.Index, tlog.RecordHash(one.Entry)); err != nil {
			return fmt.Errorf("the server's proof of %d: %w", one.Index, err)
		}
	}
	for _, one := range given.Consistency {
		old, err := tlog.TreeHash(one.From, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(hashesOf(one.Hashes), one.Size, hashOf(one.Root), one.From, old); err != nil {
			return fmt.Errorf("the server's proof from %d: %w", one.From, err)
		}
	}
	fmt.Printf("%d entries, %d + %d proofs of the server\n", tree.N, len(given.Inclusion), len(given.Consistency))
	return nil
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	url := flag.String("url", "", "of the server")
	ca := flag.String("ca", "", "root of the server's certificate")
	key := flag.String("key", "", "file of the ledger's public key")
	cert := flag.String("cert", "", "certificate of an auditor")
	certKey := flag.String("certkey", "", "its key")
	given := flag.String("proofs", "", "file of proofs that the server made")
	flag.Parse()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(must(os.ReadFile(*ca)))
	pair := must(tls.LoadX509KeyPair(*cert, *certKey))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}}
	verifier := must(note.NewVerifier(strings.TrimSpace(string(must(os.ReadFile(*key))))))
	var made proofs
	if err := json.Unmarshal(must(os.ReadFile(*given)), &made); err != nil {
		must(0, err)
	}
	s := server{*url, &http.Client{Transport: transport}, map[string][]byte{}}
	if err := check(s, verifier, made); err != nil {
		must(0, err)
	}
}
