package dev.jebena.tracking;

/// What a caller must be allowed to do, where accounts are on.
///
/// @param thing what it is about, and the request field that names it
record Need(Thing thing, Level level) {
    enum Thing {
        /// Nothing in particular: whoever has an account.
        ANY,
        ADMIN,
        EXPERIMENT,
        EXPERIMENT_NAME,
        RUN,
        MODEL,
        LOGGED_MODEL,
        TRACE,
        ARTIFACT
    }

    enum Level {
        NO_PERMISSIONS,
        READ,
        USE,
        EDIT,
        MANAGE
    }

    static final Need ANY = new Need(Thing.ANY, Level.READ);
    static final Need ADMIN = new Need(Thing.ADMIN, Level.MANAGE);

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
