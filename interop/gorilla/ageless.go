package gorillastore

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"

	"github.com/gorilla/sessions"
)

// ageless are the stores that end or lose a session with MaxAge 0 when they
// are to save it, by their types' names.
var ageless = []string{
	"github.com/gorilla/sessions.FilesystemStore",
	"github.com/boj/redistore.RediStore",
	"gopkg.in/boj/redistore.v1.RediStore",
	"github.com/rbcervilla/redisstore.RedisStore",
	"github.com/rbcervilla/redisstore/v8.RedisStore",
	"github.com/rbcervilla/redisstore/v9.RedisStore",
	"github.com/wader/gormstore.Store",
	"github.com/wader/gormstore/v2.Store",
	"github.com/srinathgs/mysqlstore.MySQLStore",
}

// checkAge says of a store that is known for it that its sessions have no age.
// Asking such a store for the session of a visitor without a cookie reads
// nothing.
func checkAge(store sessions.Store, name string) error {
	t := reflect.TypeOf(store)
	if t.Kind() != reflect.Pointer || !slices.Contains(ageless, t.Elem().PkgPath()+"."+t.Elem().Name()) {
		return nil
	}
	nobody := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: http.Header{}}
	s, err := store.New(nobody, name)
	if err == nil && s != nil && s.Options != nil && s.Options.MaxAge == 0 {
		return fmt.Errorf("gorillastore: a %s with MaxAge 0 deletes or loses each session that it saves", t.Elem().Name())
	}
	return nil
}
