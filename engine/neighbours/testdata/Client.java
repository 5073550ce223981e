// get URL | post URL SIZE | posts GET-URL POST-URL N
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

public class Client {
	static HttpURLConnection open(String url) throws Exception { return (HttpURLConnection) URI.create(url).toURL().openConnection(); }

	static int drain(HttpURLConnection c) throws Exception {
		try (InputStream in = c.getResponseCode() < 400 ? c.getInputStream() : c.getErrorStream()) {
			return in == null ? 0 : in.readAllBytes().length;
		}
	}

	static int post(String url, int size) throws Exception {
		HttpURLConnection c = open(url);
		c.setDoOutput(true);
		c.getOutputStream().write("a".repeat(size).getBytes());
		int status = c.getResponseCode();
		drain(c);
		return status;
	}

	public static void main(String[] args) throws Exception {
		switch (args[0]) {
			case "get" -> System.out.println(drain(open(args[1])));
			case "post" -> System.out.println(post(args[1], Integer.parseInt(args[2])));
			default -> {
				int good = 0;
				for (int i = 0; i < Integer.parseInt(args[3]); i++) {
					try {
						drain(open(args[1]));
						Thread.sleep(45 + i);
						if (post(args[2] + "?n=" + i, 3) == 200) good++;
					} catch (java.io.IOException e) {
					}
				}
				System.out.println(good);
			}
		}
	}
}
