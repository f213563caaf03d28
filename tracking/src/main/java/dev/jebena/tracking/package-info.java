/// Experiment tracking and model registry with MLflow's REST interface: runs with metrics, params,
/// tags and artifacts, logged models, registered models, traces.
///
/// [dev.jebena.tracking.Tracking] is the data of one server; [dev.jebena.tracking.TrackingRoutes]
/// mounts MLflow's paths on a router.
///
/// ```java
/// Tracking tracking = Tracking.open(TrackingOptions.in(folder));
/// TrackingRoutes.mount(router, tracking);
/// ```
@NullMarked
package dev.jebena.tracking;

import org.jspecify.annotations.NullMarked;
