package dev.jebena.buckets;

import dev.jebena.base.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/// Keeps a collection away from all servers of a bucket while one of them writes. A server that
/// writes has an object under `holds/`, one that collects under `collecting/`; each makes its own
/// first and then looks for those of the other kind, so of two that begin at once one sees the
/// other. What a killed server left is ignored after ten minutes.
final class S3Holds implements AutoCloseable {
    private static final int MOST = Integer.MAX_VALUE;
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final Duration REFRESHED = Duration.ofMinutes(2);
    private static final Duration POLLED = Duration.ofMillis(300);
    private static final String HOLDS = "holds/";
    private static final String COLLECTING = "collecting/";

    private final S3Objects objects;
    private final String server = UUID.randomUUID().toString();
    private final Semaphore local = new Semaphore(MOST);
    private final Thread refresher;
    private Instant written = Instant.MIN;
    private int holders;

    S3Holds(S3Objects objects) {
        this.objects = objects;
        refresher = Thread.ofVirtual().name("jebena-bucket-holds").start(this::refresh);
    }

    /// Waits while another server collects.
    void acquire() {
        local.acquireUninterruptibly();
        try {
            mark();
        } catch (RuntimeException e) {
            local.release();
            throw e;
        }
    }

    private synchronized void mark() {
        if (written.isBefore(Instant.now().minus(REFRESHED))) {
            objects.write(HOLDS + server, "");
            while (isFresh(COLLECTING, objects.modified(HOLDS + server))) {
                pause(POLLED);
                objects.write(HOLDS + server, "");
            }
            written = Instant.now();
        }
        holders++;
    }

    void release() {
        synchronized (this) {
            holders--;
        }
        local.release();
    }

    /// As long as somebody here writes, the object stays young.
    private void refresh() {
        while (pause(REFRESHED.dividedBy(2))) {
            synchronized (this) {
                try {
                    if (holders > 0) {
                        objects.write(HOLDS + server, "");
                        written = Instant.now();
                    }
                } catch (Problem e) {
                    // It stays young for minutes: there are more tries.
                    System.err.println("hub: " + e.getMessage());
                }
            }
        }
    }

    /// Whether an object below the folder is not older than ten minutes before a time.
    private boolean isFresh(String folder, Instant now) {
        return objects.list(folder).stream()
                .anyMatch(o -> o.modified().isAfter(now.minus(FORGOTTEN)));
    }

    /// Runs when nobody writes anywhere; false when somebody does.
    boolean whileNobodyWrites(Runnable collection) {
        if (!local.tryAcquire(MOST)) {
            return false;
        }
        String own = COLLECTING + UUID.randomUUID();
        try {
            forgetOwnHold();
            objects.write(own, "");
            if (isFresh(HOLDS, objects.modified(own))) {
                return false;
            }
            collection.run();
            return true;
        } finally {
            objects.delete(own);
            local.release(MOST);
        }
    }

    private synchronized void forgetOwnHold() {
        objects.delete(HOLDS + server);
        written = Instant.MIN;
    }

    private static boolean pause(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        refresher.interrupt();
        forgetOwnHold();
    }
}
