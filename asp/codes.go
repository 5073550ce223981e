package asp

// The codes this project raises by name. The whole table is below; any of its numbers may be given to New.
const (
	CodeUnexpected     = 101
	CodeNotAllowed     = 104
	CodeIndex          = 105
	CodeTimeout        = 113
	CodeHeaderSent     = 156
	CodeBufferingOn    = 157
	CodeMissingURL     = 158
	CodeBufferingOff   = 159
	CodeDataType       = 161
	CodeModifyCookie   = 162
	CodeLanguage       = 129
	CodeComma          = 163
	CodeCreateObject   = 177
	CodeEmptyCookieKey = 183
	CodeNoCookieName   = 184
	CodeExpiresRange   = 200
	CodeCodePage       = 203
	CodeCodePageValue  = 204
	CodeReadAfterForm  = 206
	CodeFormAfterRead  = 207
	CodeAfterRead      = 208
	CodeLCID           = 219
	CodeBadRead        = 247
	CodeBufferLimit    = 251
)

// Categories as ASP names them: the words before "error 'ASP 0156 : 80004005'".
const (
	CategoryASP         = "Active Server Pages"
	CategoryRequest     = "Request object"
	CategoryResponse    = "Response object"
	CategoryServer      = "Server object"
	CategorySession     = "Session object"
	CategoryApplication = "Application object"
	CategoryCompile     = "Microsoft JScript compilation"
	CategoryRuntime     = "Microsoft JScript runtime"
)

// codeRow is one line of ASP's table. A '|' in the sentence is the place of the detail.
type codeRow struct {
	code     int
	category string
	short    string
	long     string
}

// prefix is the number before the first '~' of a COM description: 007 was seen on errors of the Request object,
// 006 on those of the others.
func (r codeRow) prefix() string {
	if r.category == CategoryRequest {
		return "007"
	}
	return "006"
}

// lookupCode finds a row; the table is sorted and small, and errors are rare.
func lookupCode(code int) (codeRow, bool) {
	lo, hi := 0, len(codeTable)
	for lo < hi {
		mid := (lo + hi) / 2
		if codeTable[mid].code < code {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(codeTable) && codeTable[lo].code == code {
		return codeTable[lo], true
	}
	return codeRow{}, false
}

// codeTable is ASP's list of errors, sorted by code and never changed.
var codeTable = [...]codeRow{
	{100, CategoryASP, "Out of memory", "Unable to allocate required memory."},
	{101, CategoryASP, "Unexpected error", "The function returned an error."},
	{102, CategoryASP, "Expecting string input", "The function expects a string as input."},
	{103, CategoryASP, "Expecting numeric input", "The function expects a number as input."},
	{104, CategoryRequest, "Operation not Allowed", ""},
	{105, CategoryRequest, "Index out of range", "An array index is out of range."},
	{106, CategoryASP, "Type Mismatch", "An unhandled data type was encountered."},
	{107, CategoryASP, "Stack Overflow", "The data being processed is over the allowed limit."},
	{113, CategoryASP, "Script timed out", "The maximum amount of time for a script to execute was exceeded. The limit is Server.ScriptTimeout, or the setting script_timeout."},
	{115, CategoryASP, "Unexpected error", "A trappable error occurred in an external object. The script cannot continue running."},
	{116, CategoryASP, "Missing close of script delimiter", "The script block lacks the close of script tag (%>)."},
	{117, CategoryASP, "Missing close of script tag", "The script block lacks the close of script tag (</SCRIPT>) or the close of tag symbol (>)."},
	{118, CategoryASP, "Missing close of object tag", "The object block lacks the close of object tag (</OBJECT>) or the close of tag symbol (>)."},
	{119, CategoryASP, "Missing Classid or Progid attribute", "The object instance '|' requires a valid Classid or Progid in the object tag."},
	{120, CategoryASP, "Invalid Runat attribute", "The Runat attribute of the script tag or object tag can only have the value 'Server'."},
	{121, CategoryASP, "Invalid Scope in object tag", "The object instance '|' cannot have Application or Session scope here. Objects of those scopes belong in global.asa."},
	{122, CategoryASP, "Invalid Scope in object tag", "The object instance '|' must have Application or Session scope. This applies to all objects of global.asa."},
	{123, CategoryASP, "Missing Id attribute", "The required Id attribute of the object tag is missing."},
	{124, CategoryASP, "Missing Language attribute", "The required Language attribute of the script tag is missing."},
	{125, CategoryASP, "Missing close of attribute", "The value of the '|' attribute has no closing delimiter."},
	{126, CategoryASP, "Include file not found", "The include file '|' was not found."},
	{127, CategoryASP, "Missing close of HTML comment", "The HTML comment or server-side include lacks the close tag (-->)."},
	{128, CategoryASP, "Missing File or Virtual attribute", "The include file name must be specified using either the File or Virtual attribute."},
	{129, CategoryASP, "Unknown scripting language", "The scripting language '|' is not found on the server."},
	{130, CategoryASP, "Invalid File attribute", "File attribute '|' cannot start with forward slash or back slash."},
	{131, CategoryASP, "Disallowed Parent Path", "The include file '|' cannot contain '..' to indicate the parent directory."},
	{132, CategoryASP, "Compilation Error", "The page '|' could not be processed."},
	{133, CategoryASP, "Invalid ClassID attribute", "The object tag has an invalid ClassID of '|'."},
	{134, CategoryASP, "Invalid ProgID attribute", "The object has an invalid ProgID of '|'."},
	{135, CategoryASP, "Cyclic Include", "The file '|' is included by itself (perhaps indirectly)."},
	{136, CategoryASP, "Invalid object instance name", "The object instance '|' uses a reserved name. This name is used by an intrinsic object."},
	{137, CategoryASP, "Invalid Global Script", "Script blocks must be one of the allowed global.asa procedures: Application_OnStart, Application_OnEnd, Session_OnStart, Session_OnEnd. Script within <% ... %> is not allowed within global.asa."},
	{138, CategoryASP, "Nested Script Block", "A script block cannot be placed inside another script block."},
	{139, CategoryASP, "Nested Object", "An object tag cannot be placed inside another object tag."},
	{140, CategoryASP, "Page Command Out Of Order", "The @ command must be the first command within the page."},
	{141, CategoryASP, "Page Command Repeated", "The @ command can only be used once within the page."},
	{147, CategoryASP, "500 Server Error", ""},
	{148, CategoryASP, "Server Too Busy", "The request cannot be served now; too many requests are waiting."},
	{149, CategoryASP, "Application Restarting", "The request cannot be processed while the application is being restarted."},
	{156, CategoryResponse, "Header Error", "The HTTP headers are already written to the client browser. Any HTTP header modifications must be made before writing page content."},
	{157, CategoryResponse, "Buffering On", "Buffering cannot be turned off once it is already turned on."},
	{158, CategoryResponse, "Missing URL", "A URL is required."},
	{159, CategoryResponse, "Buffering Off", "Buffering must be on."},
	{161, CategoryASP, "Data Type Error", "The value cannot be converted to what is needed here."},
	{162, CategoryResponse, "Cannot Modify Cookie", "The cookie '|' cannot be modified."},
	{163, CategoryResponse, "Invalid Comma Use", "Commas cannot be used within a log entry. Please select another delimiter."},
	{164, CategorySession, "Invalid TimeOut Value", "An invalid TimeOut value was specified."},
	{168, CategorySession, "Disallowed object use", "An intrinsic object cannot be stored within the Session object."},
	{171, CategoryServer, "Missing Path", "The Path parameter must be specified for the MapPath method."},
	{172, CategoryServer, "Invalid Path", "The Path parameter for the MapPath method must be a virtual path. A physical path was used."},
	{173, CategoryServer, "Invalid Path Character", "An invalid character was specified in the Path parameter."},
	{174, CategoryServer, "Invalid Path Character(s)", "An invalid '/' or '\\' was found in the Path parameter for the MapPath method."},
	{175, CategoryServer, "Disallowed Path Characters", "The '..' characters are not allowed in the Path parameter for the MapPath method."},
	{176, CategoryServer, "Path Not Found", "The Path parameter for the MapPath method did not correspond to a known path."},
	{177, CategoryServer, "Server.CreateObject Failed", ""},
	{178, CategoryServer, "Server.CreateObject Access Error", "The call to Server.CreateObject failed while checking permissions. Access is denied to this object."},
	{180, CategoryApplication, "Disallowed object use", "An intrinsic object cannot be stored within the Application object."},
	{181, CategoryApplication, "Invalid threading model", "An object using the apartment threading model cannot be stored within the Application object."},
	{183, CategoryResponse, "Empty Cookie Key", "A cookie with an empty key cannot be stored."},
	{184, CategoryResponse, "Missing Cookie Name", "A name must be specified for a cookie."},
	{185, CategoryASP, "Missing Default Property", "A default property was not found for the object."},
	{188, CategorySession, "Disallowed object use", "Cannot add objects created using object tags to the session intrinsic."},
	{189, CategoryApplication, "Disallowed object use", "Cannot add objects created using object tags to the application intrinsic."},
	{190, CategoryASP, "Unexpected error", "A trappable error occurred while releasing an external object."},
	{191, CategoryASP, "Unexpected error", "A trappable error occurred in the OnStartPage method of an external object."},
	{192, CategoryASP, "Unexpected error", "A trappable error occurred in the OnEndPage method of an external object."},
	{193, CategoryASP, "OnStartPage Failed", "An error occurred in the OnStartPage method of an external object."},
	{194, CategoryASP, "OnEndPage Failed", "An error occurred in the OnEndPage method of an external object."},
	{195, CategoryServer, "Invalid Server Method Call", "This method of the Server object cannot be called here."},
	{197, CategoryApplication, "Disallowed object use", "Cannot add an object with apartment model behavior to the application intrinsic object."},
	{198, CategoryASP, "Server shutting down", "Cannot process the request."},
	{199, CategorySession, "Disallowed object use", "Cannot add JScript objects to the session."},
	{200, CategoryResponse, "Out of Range 'Expires' attribute", "The date and time given for 'Expires' is out of range."},
	{201, CategoryASP, "Invalid Default Script Language", "The default script language '|' of this application is invalid."},
	{202, CategoryASP, "Missing Code Page", "The code page attribute is missing."},
	{203, CategoryASP, "Invalid Code Page", "The specified code page attribute is invalid."},
	{204, CategoryASP, "Invalid CodePage Value", "An invalid CodePage value was specified."},
	{206, CategoryRequest, "Cannot call BinaryRead", "Cannot call BinaryRead after using Request.Form collection."},
	{207, CategoryRequest, "Cannot use Request.Form", "Cannot use Request.Form collection after calling BinaryRead."},
	{208, CategoryRequest, "Cannot use generic Request collection", "Cannot use the generic Request collection after calling BinaryRead."},
	{210, CategoryASP, "Method not implemented", "This method has not yet been implemented."},
	{211, CategoryASP, "Object out of scope", "A built-in ASP object has been referenced, which is no longer valid."},
	{212, CategoryResponse, "Cannot Clear Buffer", "Response.Clear is not allowed after a Response.Flush while Client Debugging is enabled."},
	{214, CategoryServer, "Invalid Path parameter", "The Path parameter exceeds the maximum length allowed."},
	{215, CategoryASP, "Illegal value for SESSION property", "The ENABLESESSIONSTATE property can only be TRUE, FALSE or READONLY."},
	{217, CategoryASP, "Invalid Scope in object tag", "Object scope must be Page, Session or Application."},
	{218, CategoryASP, "Missing LCID", "The LCID attribute is missing."},
	{219, CategoryASP, "Invalid LCID", "The specified LCID is not available."},
	{220, CategoryASP, "Requests for GLOBAL.ASA Not Allowed", "Requests with the URL pointing to GLOBAL.ASA are not allowed."},
	{221, CategoryASP, "Invalid @ Command directive", "The specified '|' option is unknown or invalid."},
	{222, CategoryASP, "Invalid TypeLib Specification", "The METADATA tag contains an invalid type library specification."},
	{223, CategoryASP, "TypeLib Not Found", "The METADATA tag contains a type library specification that does not match any registry entry."},
	{224, CategoryASP, "Cannot load TypeLib", "Cannot load the type library specified in the METADATA tag."},
	{225, CategoryASP, "Cannot wrap TypeLibs", "Cannot create a type library wrapper object from the type libraries specified in METADATA tags."},
	{226, CategoryASP, "Cannot modify StaticObjects", "The StaticObjects collection cannot be modified at run time."},
	{227, CategoryServer, "Server.Execute Failed", "The call to Server.Execute failed."},
	{228, CategoryServer, "Server.Execute Error", "The call to Server.Execute failed while loading the page."},
	{229, CategoryServer, "Server.Transfer Failed", "The call to Server.Transfer failed."},
	{230, CategoryServer, "Server.Transfer Error", "The call to Server.Transfer failed while loading the page."},
	{231, CategoryServer, "Server.Execute Error", "Invalid URL form or fully-qualified absolute URL was used. Use relative URLs."},
	{234, CategoryASP, "Invalid include directive", "Server-side include directives may not be present in script blocks. Please use the SRC= attribute of the <SCRIPT> tag."},
	{235, CategoryServer, "Server.Transfer Error", "Invalid URL form or fully-qualified absolute URL was used. Use relative URLs."},
	{238, CategoryASP, "Missing attribute value", "No value was specified for the '|' attribute."},
	{239, CategoryASP, "Cannot process file", "The file cannot be read as text."},
	{240, CategoryASP, "Script Engine Exception", "The script engine failed."},
	{241, CategoryServer, "CreateObject Exception", "The CreateObject of '|' caused an exception."},
	{242, CategoryServer, "Query OnStartPage Interface Exception", "Querying the OnStartPage interface of '|' caused an exception."},
	{244, CategoryASP, "Cannot Enable Session State", "Session state cannot be enabled when it has been disabled in the application."},
	{245, CategoryASP, "Mixed usage of Code Page values", "The @CODEPAGE value differs from that of the including file."},
	{246, CategoryASP, "Too many concurrent users", "Please try again later."},
	{247, CategoryRequest, "Bad Argument to BinaryRead", "The argument to BinaryRead must be non-negative."},
	{250, CategoryASP, "Invalid Default Code Page", "The default code page specified for this application is invalid."},
	{251, CategoryResponse, "Response Buffer Limit Exceeded", "Execution of the ASP page caused the Response Buffer to exceed its configured limit."},
}
