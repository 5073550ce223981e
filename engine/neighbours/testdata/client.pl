# get URL | post URL SIZE | posts GET-URL POST-URL N
use strict;
use LWP::UserAgent;
use Time::HiRes 'sleep';

my ($what, $url, $other, $n) = @ARGV;
my $ua = LWP::UserAgent->new(keep_alive => 1);
if ($what eq 'get') {
	my $r = $ua->get($url);
	die $r->header('X-Died') if $r->header('X-Died');
	print length($r->content), "\n";
} elsif ($what eq 'post') {
	my $r = $ua->post($url, Content => 'a' x $other);
	die $r->status_line if $r->header('Client-Warning');
	print $r->code, "\n";
} else {
	my $good = 0;
	for my $i (0 .. $n - 1) {
		$ua->get($url);
		sleep(0.045 + $i / 1000);
		$good++ if $ua->post("$other?n=$i", Content => 'a=1')->code == 200;
	}
	print "$good\n";
}
