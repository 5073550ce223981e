# get URL | post URL SIZE | posts GET-URL POST-URL N
import http.client, sys, time, urllib.request, urllib.error
from urllib.parse import urlsplit

what, url = sys.argv[1], sys.argv[2]
if what == "get":
    print(len(urllib.request.urlopen(url).read()))
elif what == "post":
    try:
        print(urllib.request.urlopen(url, b"a" * int(sys.argv[3])).status)
    except urllib.error.HTTPError as e:
        print(e.code)
else:
    other, n, good = sys.argv[3], int(sys.argv[4]), 0
    conn = http.client.HTTPConnection(urlsplit(url).netloc)
    for i in range(n):
        for method, u in ("GET", url), ("POST", other):
            try:
                conn.request(method, urlsplit(u).path + "?n=%d" % i, b"a=1" if method == "POST" else None)
                r = conn.getresponse()
                r.read()
                good += method == "POST" and r.status == 200
            except (http.client.HTTPException, OSError):
                conn.close()
            if method == "GET":
                time.sleep(0.045 + i / 1000)
    print(good)
