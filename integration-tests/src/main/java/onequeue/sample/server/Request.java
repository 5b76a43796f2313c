package onequeue.sample.server;

/**
 * The part of a request's head that the server looks at.
 *
 * @param method GET or HEAD; anything else was refused
 * @param path as sent: still percent-encoded, without the query
 * @param keepAlive whether the connection goes on after the answer
 */
record Request(String method, String path, boolean keepAlive) {
  boolean headOnly() {
    return method.equals("HEAD");
  }
}
