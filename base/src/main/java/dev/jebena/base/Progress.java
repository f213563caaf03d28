package dev.jebena.base;

import org.jspecify.annotations.Nullable;

/// One event of a long task: how far it is. Values only; [ProgressRate] turns a sequence of them
/// into a speed and a remaining time.
///
/// @param task what is being worked on, the same text for all events of one bar: a file's name
/// @param status what is happening, for people: `pulling manifest`, `downloading`, `verifying`
/// @param done how much is done; 0 for an event that is only a status line
/// @param total how much there is; -1 when it is not known, 0 for an event that is only a status
///   line
/// @param unit what `done` and `total` count
/// @param digest the content id that the task produces, when it is known
public record Progress(
        String task, String status, long done, long total, Unit unit, @Nullable ContentId digest) {
    public enum Unit {
        BYTES,
        ITEMS
    }

    /// A line of text without a bar.
    public static Progress status(String task, String status) {
        return new Progress(task, status, 0, 0, Unit.ITEMS, null);
    }

    public static Progress bytes(String task, String status, long done, long total) {
        return new Progress(task, status, done, total, Unit.BYTES, null);
    }

    public static Progress bytes(
            String task, String status, long done, long total, @Nullable ContentId digest) {
        return new Progress(task, status, done, total, Unit.BYTES, digest);
    }

    /// True when there is no amount to draw a bar of.
    public boolean isStatusOnly() {
        return total == 0;
    }

    /// Between 0 and 1; -1 when the total is not known.
    public double fraction() {
        return total < 0 ? -1 : total == 0 ? 1 : Math.clamp((double) done / total, 0, 1);
    }
}
