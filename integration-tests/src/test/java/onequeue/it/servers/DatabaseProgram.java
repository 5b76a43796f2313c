package onequeue.it.servers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A database in memory behind a pool of connections that is smaller than the pool of threads. */
public final class DatabaseProgram {
  private static final int ACCOUNTS = 10;
  private static final int START = 1000;
  private static final int CONNECTIONS = 4;
  private static final int THREADS = 16;
  private static final int TRANSFERS = 60;

  private DatabaseProgram() {}

  /** Prints what the database and the pool said. */
  public static void main(String[] args) throws Exception {
    Site.logQuietly();
    try (HikariDataSource source = pool("patient", 30_000)) {
      create(source);
      transfers(source);
      rollback(source);
      waits(source, (asks, connections) -> connections.get(0).close());
      waits(source, (asks, connections) -> asks.interrupt());
      try (HikariDataSource impatient = pool("impatient", 250)) {
        List<Connection> all = takeAll(impatient);
        run(() -> System.out.println("in vain: " + ask(impatient)));
        giveBack(all);
        run(() -> System.out.println("later: " + ask(impatient)));
      }
    }
    System.out.println("ended");
  }

  private static HikariDataSource pool(String name, long timeoutMillis) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl("jdbc:h2:mem:bank");
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(timeoutMillis);
    return new HikariDataSource(config);
  }

  private static void create(HikariDataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table account(id int primary key, balance int not null)");
      for (int i = 0; i < ACCOUNTS; i++) {
        statement.execute("insert into account values (" + i + ", " + START + ")");
      }
    }
  }

  /** Many threads, few connections; the sum stays. */
  private static void transfers(HikariDataSource source) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int first = i;
      tasks.add(() -> transfer(source, first));
    }
    int done = 0;
    for (Future<Integer> result : threads.invokeAll(tasks)) {
      done += result.get();
    }
    threads.shutdown();
    System.out.println(
        "transfers " + done + " sum " + number(source, "select sum(balance) from account"));
    System.out.println("active " + source.getHikariPoolMXBean().getActiveConnections());
  }

  private static int transfer(HikariDataSource source, int first) throws SQLException {
    String update = "update account set balance = balance + ? where id = ?";
    int done = 0;
    for (int i = 0; i < TRANSFERS; i++) {
      int from = (first + i) % ACCOUNTS;
      int to = (first + 3 * i + 1) % ACCOUNTS;
      try (Connection connection = source.getConnection();
          PreparedStatement statement = connection.prepareStatement(update)) {
        connection.setAutoCommit(false);
        // In one order always, so that no two wait for each other.
        change(statement, Math.min(from, to), from < to ? -1 : 1);
        change(statement, Math.max(from, to), from < to ? 1 : -1);
        connection.commit();
        done++;
      }
    }
    return done;
  }

  private static void change(PreparedStatement statement, int id, int by) throws SQLException {
    statement.setInt(1, by);
    statement.setInt(2, id);
    statement.executeUpdate();
  }

  private static int number(HikariDataSource source, String query) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getInt(1);
    }
  }

  private static void rollback(HikariDataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      System.out.println("deleted " + statement.executeUpdate("delete from account"));
      connection.rollback();
    }
    System.out.println("rolled back " + number(source, "select count(*) from account"));
  }

  private interface End {
    void of(Thread asks, List<Connection> connections) throws SQLException;
  }

  /** All connections are out: who asks waits until one comes back, or until interrupted. */
  private static void waits(HikariDataSource source, End end) throws Exception {
    List<Connection> all = takeAll(source);
    Thread asks = new Thread(() -> System.out.println("waits: " + ask(source)));
    asks.start();
    while (source.getHikariPoolMXBean().getThreadsAwaitingConnection() == 0) {
      Thread.onSpinWait();
    }
    end.of(asks, all);
    asks.join();
    giveBack(all);
  }

  private static List<Connection> takeAll(HikariDataSource source) throws SQLException {
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      all.add(source.getConnection());
    }
    return all;
  }

  private static void giveBack(List<Connection> connections) throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }

  private static String ask(HikariDataSource source) {
    try (Connection connection = source.getConnection()) {
      return "got one " + connection.isValid(5);
    } catch (SQLException e) {
      return e.getMessage().replaceAll("after [0-9]+ms", "after a while");
    }
  }

  private static void run(Runnable task) throws InterruptedException {
    Thread thread = new Thread(task);
    thread.start();
    thread.join();
  }
}
