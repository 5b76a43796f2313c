package onequeue.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseScannerTest {
  private static final String HEAD =
      "HTTP/1.1 404 Not Found\r\nDate: now\r\ncontent-LENGTH:  17 \r\nConnection: Close\r\n\r\n";

  private final ResponseScanner scanner = new ResponseScanner();

  @Test
  void findsStatusLengthAndCloseInAnyCase() throws IOException {
    assertThat(scan(HEAD + "body")).isEqualTo(HEAD.length());
    assertThat(scanner.status()).isEqualTo(404);
    assertThat(scanner.contentLength()).isEqualTo(17);
    assertThat(scanner.closes()).isTrue();
  }

  @Test
  void forgetsTheAnswerBefore() throws IOException {
    scan(HEAD);
    scan("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(scanner.status()).isEqualTo(200);
    assertThat(scanner.contentLength()).isZero();
    assertThat(scanner.closes()).isFalse();
  }

  @Test
  void asksForMoreWhereverTheHeadIsCutOff() throws IOException {
    for (int length = 0; length < HEAD.length(); length++) {
      assertThat(scan(HEAD.substring(0, length))).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      })
  void refusesWhatItDoesNotUnderstand(String head) {
    assertThatThrownBy(() -> scan(head)).isInstanceOf(IOException.class);
  }

  @Test
  void refusesAHeadWithoutEnd() {
    byte[] endless = new byte[ResponseScanner.LONGEST_HEAD_BYTES];
    Arrays.fill(endless, (byte) 'x');
    assertThatThrownBy(() -> scanner.scan(endless, endless.length)).isInstanceOf(IOException.class);
  }

  private int scan(String text) throws IOException {
    return scanner.scan(text.getBytes(StandardCharsets.US_ASCII), text.length());
  }
}
