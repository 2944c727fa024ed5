package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// writeTar writes a folder and what is in it as a .tar.gz. Order, times, owners and
// modes depend on nothing but the names: programs are what has no extension in the
// folder itself.
func writeTar(w io.Writer, dir string, date time.Time) error {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	err = files(dir, func(name string, info fs.FileInfo) (io.Writer, error) {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: info.Size(), Mode: mode(info), ModTime: date, Uname: "root", Gname: "root"}
		if info.IsDir() {
			header.Typeflag, header.Name, header.Size = tar.TypeDir, name+"/", 0
		}
		return archive, archive.WriteHeader(header)
	})
	if err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return compressed.Close()
}

// writeZip writes the same as a .zip, for Windows.
func writeZip(w io.Writer, dir string, date time.Time) error {
	archive := zip.NewWriter(w)
	err := files(dir, func(name string, info fs.FileInfo) (io.Writer, error) {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: date}
		if info.IsDir() {
			header.Name, header.Method = name+"/", zip.Store
		}
		header.SetMode(fs.FileMode(mode(info)) | info.Mode().Type())
		return archive.CreateHeader(header)
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

// mode is who may do what with a file in an archive, whatever the umask of the build
// was.
func mode(info fs.FileInfo) int64 {
	if info.IsDir() || info.Mode()&0o100 != 0 {
		return 0o755
	}
	return 0o644
}

// files has each file below dir copied, in the order of the names, to what begin
// returns for it. A name begins with that of dir.
func files(dir string, begin func(name string, info fs.FileInfo) (io.Writer, error)) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(filepath.Dir(dir), path)
		if err != nil {
			return err
		}
		to, err := begin(filepath.ToSlash(name), info)
		if err != nil || info.IsDir() {
			return err
		}
		from, err := os.Open(path)
		if err != nil {
			return err
		}
		defer from.Close()
		_, err = io.Copy(to, from)
		return err
	})
}
