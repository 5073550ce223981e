Scripting.FileSystemObject; f is one, F a folder to write in. T is
dlls/scrrun/tests/filesystem.c of Wine.

=== names of parents, bases and extensions (T)
<% W([f.GetParentFolderName("a/a//\\\\"), f.GetParentFolderName("c:\\a"), f.GetBaseName("a.b\\"), f.GetBaseName(".a"), f.GetFileName("c:"), f.GetExtensionName("n.o.eXt")]) %>
-- want --
a,c:\,a,,,eXt
=== a path and a name (T)
<% W([f.BuildPath("C:\\path", "\\\\n"), f.BuildPath("C:\\path\\", "\\n"), f.BuildPath("C:", "n"), f.BuildPath("/srv/site", "n"), f.BuildPath("", "n"), f.BuildPath("p", "")]) %>
-- want --
C:\path\\n,C:\path\n,C:n,/srv/site/n,n,p
=== more of names
<% W([f.GetFileName("a/b.txt"), f.GetFileName("a\\b\\"), f.GetDriveName("C:\\a"), f.GetDriveName("a"), f.GetParentFolderName("a"), f.GetParentFolderName("/a"), /^rad\w+\.tmp$/.test(f.GetTempName())]) %>
-- want --
b.txt,b,C:,,,/,true
=== what isn't there, and what is there already (T)
<% W([E(() => f.GetFile(F + "/no")), E(() => f.GetFolder(F + "/no")), E(() => f.CreateFolder(F)), E(() => f.GetFile(F)), f.FileExists(F), f.FolderExists(F), f.FileExists(F + "/no")]) %>
-- want --
53,76,58,53,false,true,false
=== text files and their modes (T)
<% f.CreateTextFile(F + "/t", true, true).Close(); W([f.GetFile(F + "/t").Size, E(() => f.CreateTextFile(F + "/t", false)), E(() => f.OpenTextFile(F + "/t", 8).Read(1)), E(() => f.OpenTextFile(F + "/t").Write("x"))]) %>
-- want --
2,58,54,54
=== lines (T)
<% var t = f.CreateTextFile(F + "/t"); t.Write("first\r\nsecond\n\n\rt\r\re\n"); t.Close();
var t = f.OpenTextFile(F + "/t"), a = []; while (!t.AtEndOfStream) a.push(escape(t.ReadLine())); W(a.join("/")); W([E(() => t.ReadLine()), t.Line]) %>
-- want --
first/second//%0Dt%0D%0De62,5
=== read, skipped, appended
<% var t = f.CreateTextFile(F + "/a.txt"); t.WriteLine("one"); t.WriteLine(); t.Write("two"); t.WriteBlankLines(2); t.Close();
t = f.OpenTextFile(F + "/a.txt", 8); t.Write("three"); t.Close(); t = f.OpenTextFile(F + "/a.txt");
W([t.Read(2), t.Column, t.Read(0), E(() => t.Read(-1))]); t.Skip(1); W([t.AtEndOfLine, t.ReadLine(), t.Line]); t.SkipLine(); W(escape(t.ReadAll())); W([t.AtEndOfStream, E(() => t.ReadAll()), E(() => t.Read(1))]); t.Close(); W(E(() => t.Read(1))) %>
-- want --
on,3,,5true,,2two%0D%0A%0D%0Athreetrue,62,6252
=== wrong modes, missing files and folders
<% W([E(() => f.OpenTextFile(F + "/n")), E(() => f.OpenTextFile(F + "/no/n", 2, true)), E(() => f.OpenTextFile(F + "/n", 3)), E(() => f.OpenTextFile(F + "/n", 9, true)), E(() => f.OpenTextFile(F + "/n", 1, true, 1)), E(() => f.OpenTextFile(F, 1)), E(() => f.CreateTextFile(F + "/no/n"))]); f.OpenTextFile(F + "/n", 2, true).Close(); W(f.FileExists(F + "/n")); W(f.OpenTextFile(F + "/new", 1, true).AtEndOfStream) %>
-- want --
53,76,5,5,5,70,76truetrue
=== Unicode, with and without its mark
<% var t = f.OpenTextFile(F + "/u", 2, true, -1); t.Write("\u20ac\ud83d\ude00"); t.Close(); W(f.GetFile(F + "/u").Size); t = f.OpenTextFile(F + "/u", 8, false, -2); t.Write("!"); t.Close();
W([f.OpenTextFile(F + "/u", 1, false, -1).ReadAll().length, f.OpenTextFile(F + "/u", 1, false, -2).ReadAll() == "\u20ac\ud83d\ude00!", f.GetFile(F + "/u").OpenAsTextStream(1, -2).Read(1) == "\u20ac"]) %>
-- want --
84,true,true
=== the page's code page
<%@ CodePage=1252 %><% var t = f.CreateTextFile(F + "/c"); t.Write("caf\u00e9 \u20ac \u4e2d"); t.Close(); W([f.GetFile(F + "/c").Size, f.OpenTextFile(F + "/c").ReadAll() == "caf\u00e9 \u20ac ?"]) %>
-- want --
8,true
=== folders, looked through as they are
<% f.CreateFolder(F + "/d"); var d = f.GetFolder(F + "/d"); W([d.Files.Count, d.SubFolders.Count]); d.CreateTextFile("b.txt").Close(); d.SubFolders.Add("sub"); var s = d.CreateTextFile("a.txt"); s.Write("12345"); s.Close();
W([d.Files.Count, d.SubFolders.Count, d.Size, d.Name, d.ParentFolder.Path == f.GetFolder(F).Path]); for (var e = new Enumerator(d.Files); !e.atEnd(); e.moveNext()) W(" " + e.item().Name); W([d.Files("A.TXT").Size, E(() => d.Files("no")), f.GetFolder(F) + "" == f.GetFolder(F).Path, d.Attributes, d.Files("b.txt").Attributes, d.Type, d.Files("b.txt").Type]) %>
-- want --
0,02,1,5,d,true a.txt b.txt5,53,true,16,32,File folder,TXT File
=== copied
<% f.CreateFolder(F + "/d"); var t = f.CreateTextFile(F + "/d/x.txt"); t.Write("x"); t.Close(); f.CopyFile(F + "/d/x.txt", F + "/d/y.txt"); W([f.FileExists(F + "/d/y.txt"), E(() => f.CopyFile(F + "/d/x.txt", F + "/d/y.txt", false)), E(() => f.CopyFile(F + "/d/no", F + "/d/z")), E(() => f.CopyFile(F + "/d/*.txt", F + "/no"))]);
f.CopyFolder(F + "/d", F + "/e"); f.CreateFolder(F + "/into"); f.CopyFolder(F + "/d", F + "/into/"); f.CopyFile(F + "/d/*.txt", F + "/into"); W([f.FileExists(F + "/e/y.txt"), f.FileExists(F + "/into/d/x.txt"), f.FileExists(F + "/into/y.txt"), E(() => f.CopyFolder(F + "/d", F + "/e", false)), E(() => f.CopyFolder(F + "/d", F + "/d/x.txt")), E(() => f.CopyFolder(F + "/no", F + "/q")), E(() => f.CopyFolder(F + "/d", F + "/d/inside"))]) %>
-- want --
true,58,53,76true,true,true,58,58,76,70
=== moved and renamed
<% f.CreateTextFile(F + "/m.txt").Close(); f.CreateFolder(F + "/m"); f.MoveFile(F + "/m.txt", F + "/m/"); W([f.FileExists(F + "/m/m.txt"), f.FileExists(F + "/m.txt"), E(() => f.MoveFile(F + "/m/m.txt", F + "/m/m.txt")), E(() => f.MoveFile(F + "/no", F + "/x"))]); var x = f.GetFile(F + "/m/m.txt"); x.Name = "n.txt"; W([x.Name, f.FileExists(F + "/m/n.txt"), E(() => { x.Name = "a/b" })]); f.MoveFolder(F + "/m", F + "/k"); W(f.FileExists(F + "/k/n.txt")); x = f.GetFolder(F + "/k"); x.Move(F + "/l"); W([x.Name, f.FolderExists(F + "/l")]) %>
-- want --
true,false,58,53n.txt,true,5truel,true
=== deleted, and read-only
<% for (var i = 0; i < 3; i++) f.CreateTextFile(F + "/x" + i + ".log").Close(); var r = f.GetFile(F + "/x0.log"); r.Attributes = 1; W([r.Attributes, E(() => f.DeleteFile(F + "/x0.log")), E(() => f.DeleteFile(F + "/no"))]); f.DeleteFile(F + "/x0.log", true); f.DeleteFile(F + "/*.log"); W([f.FileExists(F + "/x1.log"), E(() => f.DeleteFile(F + "/*.log")), E(() => r.Size), E(() => r.Delete())]); f.CreateFolder(F + "/g"); f.CreateTextFile(F + "/g/a").Close(); f.DeleteFolder(F + "/g"); W([f.FolderExists(F + "/g"), E(() => f.DeleteFolder(F + "/g")), E(() => f.DeleteFolder(F))]) %>
-- want --
33,70,53false,53,53,53false,76,70
=== dates
<% f.CreateTextFile(F + "/t").Close(); var d = new Date(f.GetFile(F + "/t").DateLastModified); W([Math.abs(new Date() - d) < 600000, typeof f.GetFolder(F).DateCreated]) %>
-- want --
true,object
=== what pages don't reach
<% W([E(() => f.OpenTextFile("C:\\boot.ini")), E(() => f.OpenTextFile("\\\\host\\share\\a")), E(() => f.OpenTextFile(F + "/../../../outside.txt")), E(() => f.OpenTextFile("/../outside.txt")), f.FileExists("/naja.toml"), f.FolderExists("/.hidden"), f.FileExists("/page.txt"), E(() => f.GetDrive("c:")), f.DriveExists("c:"), E(() => f.GetFile(""))]);
W([E(() => f.CreateTextFile("/new.txt")), E(() => f.DeleteFile("/page.txt")), E(() => f.CreateTextFile(F + "/a.asp")), E(() => f.CreateTextFile(F + "/global.asa")), E(() => f.CreateTextFile(F + "/a.ASP ")), E(() => { f.CreateTextFile(F + "/a.txt").Close(); f.MoveFile(F + "/a.txt", F + "/a.inc") }), E(() => { f.GetFile(F + "/a.txt").Name = "b.asp" }), E(() => f.MoveFile(F + "/a.txt", "/b.txt"))]) %>
-- want --
76,76,76,76,false,false,true,68,false,5370,70,70,70,70,70,70,70
=== as the site's own paths
<% W([f.FileExists(Server.MapPath("/page.txt")), f.OpenTextFile("/page.txt").ReadAll(), f.GetFile("page.txt").Name, f.GetFolder("/").Files.Count > 0, f.GetAbsolutePathName("/page.txt") == Server.MapPath("/page.txt")]) %>
-- want --
true,hello,page.txt,true,true
=== left open, everything is written
<% for (var i = 0; i < 64; i++) f.CreateTextFile(F + "/o" + i).Write("x"); W(E(() => f.CreateTextFile(F + "/one more"))); Server.Execute("after.asp") %>
-- after.asp --
<% W(f.FileExists(F + "/o63")) %>
-- want --
67true
