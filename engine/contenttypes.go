package engine

import (
	"mime"
	"strings"
)

// contentTypes makes the table of the types that the static files of c have.
// A type comes from the extension alone, never from the content: what is an
// upload today must not become a page of scripts in a browser tomorrow.
func contentTypes(c Config) map[string]string {
	known := knownTypes()
	types := make(map[string]string, len(c.StaticExtensions))
	for _, ext := range c.StaticExtensions {
		typ := known[ext]
		if typ == "" {
			typ = mime.TypeByExtension(ext)
		}
		if typ == "" {
			typ = "application/octet-stream"
		}
		types[ext] = withCharset(typ, c.CodePage)
	}
	return types
}

// bareType is the type of a file whose name has no extension: what nobody
// displays or runs, unless it is a well-known one that its readers want in a
// type of its own.
func bareType(name string) string {
	switch strings.ToLower(name) {
	case wellKnown + "/apple-app-site-association",
		wellKnown + "/openid-configuration",       // OpenID Connect Discovery 1.0
		wellKnown + "/oauth-authorization-server", // RFC 8414
		wellKnown + "/oauth-protected-resource":   // RFC 9728
		return "application/json"
	case wellKnown + "/host-meta": // RFC 6415
		return "application/xrd+xml"
	}
	return "application/octet-stream"
}

// withCharset says that plain text is UTF-8 in a site that is. HTML, CSS, XML
// and scripts say so themselves or take it from their page, and many an old
// site has some in another code page: a header would overrule them.
func withCharset(typ string, codePage int) string {
	switch typ {
	case "text/plain", "text/csv", "text/markdown", "text/vcard", "text/calendar":
		if codePage == 65001 {
			return typ + "; charset=utf-8"
		}
	}
	return typ
}

// knownTypes is the types of the default static extensions. The tables of the
// system that the mime package reads differ from one machine to the next.
func knownTypes() map[string]string {
	types := make(map[string]string)
	for line := range strings.Lines(`
		text/html .html .htm
		application/xhtml+xml .xhtml
		text/css .css
		text/javascript .js .mjs
		application/json .json .map
		application/manifest+json .webmanifest
		application/wasm .wasm
		text/plain .txt
		text/markdown .md
		text/csv .csv
		text/xml .xml .xsl
		application/rss+xml .rss
		application/atom+xml .atom
		application/pdf .pdf
		text/calendar .ics
		text/vcard .vcf
		image/png .png
		image/jpeg .jpg .jpeg
		image/gif .gif
		image/webp .webp
		image/avif .avif
		image/svg+xml .svg
		image/vnd.microsoft.icon .ico .cur
		image/bmp .bmp
		image/tiff .tif .tiff
		font/woff .woff
		font/woff2 .woff2
		font/ttf .ttf
		font/otf .otf
		application/vnd.ms-fontobject .eot
		audio/mpeg .mp3
		audio/mp4 .m4a
		audio/ogg .ogg .oga
		audio/wav .wav
		audio/flac .flac
		video/mp4 .mp4 .m4v
		video/webm .webm
		video/ogg .ogv
		text/vtt .vtt
		application/zip .zip
		application/gzip .gz .tgz
		application/x-7z-compressed .7z
		application/msword .doc
		application/vnd.openxmlformats-officedocument.wordprocessingml.document .docx
		application/vnd.ms-excel .xls
		application/vnd.openxmlformats-officedocument.spreadsheetml.sheet .xlsx
		application/vnd.ms-powerpoint .ppt
		application/vnd.openxmlformats-officedocument.presentationml.presentation .pptx
		application/vnd.oasis.opendocument.text .odt
		application/vnd.oasis.opendocument.spreadsheet .ods
		application/rtf .rtf
		application/x-shockwave-flash .swf`) {
		fields := strings.Fields(line)
		for i := 1; i < len(fields); i++ {
			types[fields[i]] = fields[0]
		}
	}
	return types
}
