<?php // get URL | post URL SIZE | posts GET-URL POST-URL N
[, $what, $url] = $argv;
function post($url, $body) {
	return ['http' => ['method' => 'POST', 'header' => 'Content-Type: application/x-www-form-urlencoded', 'content' => $body, 'ignore_errors' => true]];
}
function status($url, $body) {
	$text = file_get_contents($url, false, stream_context_create(post($url, $body)));
	if ($text === false) { exit(1); }
	return explode(' ', $http_response_header[0])[1];
}
if ($what == 'get') {
	$text = file_get_contents($url);
	if ($text === false) { exit(1); }
	echo strlen($text), "\n";
} elseif ($what == 'post') {
	echo status($url, str_repeat('a', (int)$argv[3])), "\n";
} else {
	$good = 0;
	for ($i = 0; $i < $argv[4]; $i++) {
		file_get_contents($url);
		usleep(45000 + $i * 1000);
		$good += status("$argv[3]?n=$i", 'a=1') == '200';
	}
	echo $good, "\n";
}
