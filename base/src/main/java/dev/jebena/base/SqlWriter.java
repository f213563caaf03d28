package dev.jebena.base;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one thread that writes. What waits is written in one transaction and confirmed when that is
/// durable: the more callers, the fewer commits each one pays for.
///
/// A change that fails before it has written anything fails alone. If one fails later, the whole
/// transaction is undone and the other changes are made again, each in a transaction of its own.
final class SqlWriter implements AutoCloseable {
    /// Changes in one transaction at most, so that none waits long.
    private static final int MOST = 1000;

    private record Change<T>(Function<SqlConnection, T> work, CompletableFuture<T> done) {
        /// Applies the change; what it throws is kept for the caller.
        @Nullable Outcome<T> apply(SqlConnection connection) {
            long before = connection.updates();
            try {
                return new Outcome<>(this, work.apply(connection), null);
            } catch (RuntimeException | Error e) {
                return connection.updates() == before ? new Outcome<>(this, null, e) : fail(e);
            }
        }

        private @Nullable Outcome<T> fail(Throwable e) {
            done.completeExceptionally(e);
            return null;
        }
    }

    private record Outcome<T>(Change<T> change, @Nullable T value, @Nullable Throwable failure) {
        @SuppressWarnings("NullAway") // A change may return null.
        void confirm() {
            if (failure == null) {
                change.done.complete(value);
            } else {
                change.done.completeExceptionally(failure);
            }
        }
    }

    private final LinkedBlockingQueue<Change<?>> queue = new LinkedBlockingQueue<>(100_000);
    private final Supplier<SqlConnection> connect;
    private final Thread thread;
    private @Nullable SqlConnection connection;
    private volatile boolean closing;

    /// @param connect opens a connection; again after one was lost
    SqlWriter(Supplier<SqlConnection> connect) {
        this.connect = connect;
        connection = connect.get();
        thread = Thread.ofPlatform().name("jebena-sql-writer").daemon().start(this::run);
    }

    /// Makes the change and returns when it is durable; throws what `work` throws. `work` may be
    /// called again after its transaction was undone.
    <T> T write(Function<SqlConnection, T> work) {
        if (closing) {
            throw closed();
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            queue.put(new Change<>(work, done));
            return done.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted while waiting to write");
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    private static RuntimeException unwrapped(CompletionException e) {
        return switch (e.getCause()) {
            case RuntimeException cause -> cause;
            case Error cause -> throw cause;
            case null, default -> e;
        };
    }

    private static Problem closed() {
        return new Problem(Problem.Code.UNAVAILABLE, "the database is being closed");
    }

    private void run() {
        List<Change<?>> batch = new ArrayList<>();
        try {
            while (!closing || !queue.isEmpty()) {
                Change<?> first = queue.poll(50, java.util.concurrent.TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, MOST - 1);
                    transaction(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            closing = true;
            queue.forEach(c -> c.done().completeExceptionally(closed()));
            if (connection != null) {
                connection.close();
            }
        }
    }

    private void transaction(List<Change<?>> batch) {
        List<Outcome<?>> outcomes = new ArrayList<>();
        try {
            SqlConnection open = connected();
            open.begin();
            for (Change<?> change : batch) {
                Outcome<?> outcome = change.apply(open);
                if (outcome == null) {
                    open.rollback();
                    oneByOne(batch.stream().filter(c -> c != change).toList());
                    return;
                }
                outcomes.add(outcome);
            }
            open.commit();
        } catch (SQLException e) {
            lost(batch, SqlConnection.failed("the database did not commit", e));
            return;
        } catch (RuntimeException e) {
            lost(batch, e);
            return;
        }
        outcomes.forEach(Outcome::confirm);
    }

    private void oneByOne(List<Change<?>> batch) {
        for (Change<?> change : batch) {
            transaction(List.of(change));
        }
    }

    private SqlConnection connected() {
        SqlConnection open = connection;
        if (open == null) {
            open = connect.get();
            connection = open;
        }
        return open;
    }

    /// Nothing is known of the connection any more: a new one is opened for the next changes.
    private void lost(List<Change<?>> batch, RuntimeException why) {
        batch.forEach(c -> c.done().completeExceptionally(why));
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /// Writes what waits, then ends.
    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
