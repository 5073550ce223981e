# get URL | post URL SIZE | posts GET-URL POST-URL N
require 'net/http'

what, url, other, n = ARGV
case what
when 'get'
  puts Net::HTTP.get_response(URI(url)).body.bytesize
when 'post'
  puts Net::HTTP.post(URI(url), 'a' * other.to_i).code
else
  good, u = 0, URI(url)
  http = Net::HTTP.new(u.host, u.port)
  n.to_i.times do |i|
    begin
      http.start unless http.started?
      http.get(u.path)
      sleep(0.045 + i / 1000.0)
      good += 1 if http.post("#{URI(other).path}?n=#{i}", 'a=1').code == '200'
    rescue EOFError, SystemCallError, IOError
      http.finish if http.started?
    end
  end
  puts good
end
