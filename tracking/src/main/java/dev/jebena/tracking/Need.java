package dev.jebena.tracking;

import dev.jebena.accounts.Level;

/// What a caller must be allowed to do, where accounts are on.
///
/// @param thing what it is about, and the request field that names it
record Need(Thing thing, Level level) {
    enum Thing {
        /// Nothing in particular: whoever has an account.
        ANY,
        ADMIN,
        /// Something new, whose name tells the workspace that it will be in.
        NEW,
        EXPERIMENT,
        EXPERIMENT_NAME,
        RUN,
        MODEL,
        LOGGED_MODEL,
        TRACE,
        ARTIFACT
    }

    static final Need ANY = new Need(Thing.ANY, Level.READ);
    static final Need ADMIN = new Need(Thing.ADMIN, Level.MANAGE);
    static final Need NEW = new Need(Thing.NEW, Level.EDIT);

    static Need read(Thing thing) {
        return new Need(thing, Level.READ);
    }

    static Need edit(Thing thing) {
        return new Need(thing, Level.EDIT);
    }

    static Need manage(Thing thing) {
        return new Need(thing, Level.MANAGE);
    }
}
