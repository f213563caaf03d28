-- Written by MLflow 3.17.2 (mlflow-models.py beside this file); the tables that are copied.
-- {ROOT} stands for the folder of the artifacts.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE "datasets" (
	dataset_uuid VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	dataset_source_type VARCHAR(36) NOT NULL, 
	dataset_source TEXT NOT NULL, 
	dataset_schema TEXT, 
	dataset_profile TEXT, 
	CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest), 
	CONSTRAINT fk_datasets_experiment_id_experiments FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
INSERT INTO "datasets" VALUES('d829ca85d3da474cb3f1fd4e635c24d1',1,'d','abc0','local','{"uri":"x"}','{}','{"rows":3}');
INSERT INTO "datasets" VALUES('135dce122f2043d0a59c7c5f49573411',1,'d','abc1','local','{"uri":"x"}','{}','{"rows":3}');
CREATE TABLE "experiment_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT, 
	experiment_id INTEGER NOT NULL, 
	CONSTRAINT experiment_tag_pk PRIMARY KEY ("key", experiment_id), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
INSERT INTO "experiment_tags" VALUES('team','a',1);
CREATE TABLE "experiments" (
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	artifact_location VARCHAR(256), 
	lifecycle_stage VARCHAR(32), 
	creation_time BIGINT, 
	last_update_time BIGINT, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT experiment_pk PRIMARY KEY (experiment_id), 
	CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT uq_experiments_workspace_name UNIQUE (workspace, name)
);
INSERT INTO "experiments" VALUES(0,'Default','{ROOT}/mlruns/0','active',1795479915222,1795479915222,'default');
INSERT INTO "experiments" VALUES(1,'digits','file://{ROOT}/artifacts/digits','active',1795479915312,1795479915312,'default');
CREATE TABLE input_tags (
	input_uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	value VARCHAR(500) NOT NULL, 
	CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name)
);
INSERT INTO "input_tags" VALUES('3a86916e50c34811b57e81eac4b18623','mlflow.data.context','training');
INSERT INTO "input_tags" VALUES('ca7950d6801d4096a0225984a455bf25','mlflow.data.context','training');
INSERT INTO "input_tags" VALUES('a9d17afce18a4a799cca3f1ecae2b846','mlflow.data.context','training');
CREATE TABLE inputs (
	input_uuid VARCHAR(36) NOT NULL, 
	source_type VARCHAR(36) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	destination_type VARCHAR(36) NOT NULL, 
	destination_id VARCHAR(36) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
INSERT INTO "inputs" VALUES('3a86916e50c34811b57e81eac4b18623','DATASET','d829ca85d3da474cb3f1fd4e635c24d1','RUN','68905e56d2d2412b8a459c156d88cd02',0);
INSERT INTO "inputs" VALUES('ca7950d6801d4096a0225984a455bf25','DATASET','135dce122f2043d0a59c7c5f49573411','RUN','742010d6ba4a4847b9e42a27c475ef5a',0);
INSERT INTO "inputs" VALUES('51a0b62d24ab453a8dfd032b4cddd53e','RUN_OUTPUT','742010d6ba4a4847b9e42a27c475ef5a','MODEL_OUTPUT','m-0f35f69201db40ed82ef3cc4ed7be517',3);
INSERT INTO "inputs" VALUES('c7f4ddcc8eba42ecb7f48a8c4daabae7','RUN_INPUT','742010d6ba4a4847b9e42a27c475ef5a','MODEL_INPUT','m-0f35f69201db40ed82ef3cc4ed7be517',0);
INSERT INTO "inputs" VALUES('a9d17afce18a4a799cca3f1ecae2b846','DATASET','d829ca85d3da474cb3f1fd4e635c24d1','RUN','3c5200225cfc4ef9baef20f9ac2dc4e4',0);
CREATE TABLE "latest_metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT, 
	step BIGINT NOT NULL, 
	is_nan BOOLEAN NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT latest_metric_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "latest_metrics" VALUES('loss',0.05,1795479916060,19,0,'68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "latest_metrics" VALUES('nan',0.0,1795479916074,0,1,'68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "latest_metrics" VALUES('inf',1.79769313486231562234e+308,1795479916086,0,0,'68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "latest_metrics" VALUES('acc',0.9,1795479916096,-3,0,'68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "latest_metrics" VALUES('val/acc',0.0,1795479916276,1099511627776,0,'68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "latest_metrics" VALUES('loss',4.76190476190476164042e-02,1795479916879,19,0,'742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "latest_metrics" VALUES('nan',0.0,1795479916903,0,1,'742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "latest_metrics" VALUES('inf',1.79769313486231562234e+308,1795479916923,0,0,'742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "latest_metrics" VALUES('acc',0.9,1795479916955,-3,0,'742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "latest_metrics" VALUES('val/acc',0.25,1795479917039,1099511627776,0,'742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "latest_metrics" VALUES('loss',4.5454545454545455807e-02,1795479917803,19,0,'3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "latest_metrics" VALUES('nan',0.0,1795479917823,0,1,'3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "latest_metrics" VALUES('inf',1.79769313486231562234e+308,1795479917843,0,0,'3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "latest_metrics" VALUES('acc',0.8,1795479918503,3,0,'3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "latest_metrics" VALUES('val/acc',0.5,1795479917927,1099511627776,0,'3c5200225cfc4ef9baef20f9ac2dc4e4');
CREATE TABLE logged_model_metrics (
	model_id VARCHAR(36) NOT NULL, 
	metric_name VARCHAR(500) NOT NULL, 
	metric_timestamp_ms BIGINT NOT NULL, 
	metric_step BIGINT NOT NULL, 
	metric_value FLOAT, 
	experiment_id INTEGER NOT NULL, 
	run_id VARCHAR(32) NOT NULL, 
	dataset_uuid VARCHAR(36), 
	dataset_name VARCHAR(500), 
	dataset_digest VARCHAR(36), 
	CONSTRAINT logged_model_metrics_pk PRIMARY KEY (model_id, metric_name, metric_timestamp_ms, metric_step, run_id), 
	CONSTRAINT fk_logged_model_metrics_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_metrics_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE, 
	CONSTRAINT fk_logged_model_metrics_run_id FOREIGN KEY(run_id) REFERENCES runs (run_uuid) ON DELETE CASCADE
);
INSERT INTO "logged_model_metrics" VALUES('m-eef949e46d524d659be9aa5f3f3c9038','acc',1795479918449,2,0.75,1,'3c5200225cfc4ef9baef20f9ac2dc4e4',NULL,'d','abc0');
INSERT INTO "logged_model_metrics" VALUES('m-eef949e46d524d659be9aa5f3f3c9038','acc',1795479918503,3,0.8,1,'3c5200225cfc4ef9baef20f9ac2dc4e4',NULL,NULL,NULL);
CREATE TABLE logged_model_params (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	param_key VARCHAR(255) NOT NULL, 
	param_value TEXT NOT NULL, 
	CONSTRAINT logged_model_params_pk PRIMARY KEY (model_id, param_key), 
	CONSTRAINT fk_logged_model_params_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_params_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE
);
INSERT INTO "logged_model_params" VALUES('m-eef949e46d524d659be9aa5f3f3c9038',1,'depth','3');
CREATE TABLE logged_model_tags (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	tag_key VARCHAR(255) NOT NULL, 
	tag_value TEXT NOT NULL, 
	CONSTRAINT logged_model_tags_pk PRIMARY KEY (model_id, tag_key), 
	CONSTRAINT fk_logged_model_tags_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_tags_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE
);
INSERT INTO "logged_model_tags" VALUES('m-eef949e46d524d659be9aa5f3f3c9038',1,'kind','tree');
CREATE TABLE logged_models (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	artifact_location VARCHAR(1000) NOT NULL, 
	creation_timestamp_ms BIGINT NOT NULL, 
	last_updated_timestamp_ms BIGINT NOT NULL, 
	status INTEGER NOT NULL, 
	lifecycle_stage VARCHAR(32), 
	model_type VARCHAR(500), 
	source_run_id VARCHAR(32), 
	status_message VARCHAR(1000), 
	CONSTRAINT logged_models_pk PRIMARY KEY (model_id), 
	CONSTRAINT logged_models_lifecycle_stage_check CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT fk_logged_models_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
INSERT INTO "logged_models" VALUES('m-0f35f69201db40ed82ef3cc4ed7be517',1,'m1','file://{ROOT}/artifacts/digits/models/m-0f35f69201db40ed82ef3cc4ed7be517/artifacts',1795479917058,1795479917058,1,'active',NULL,'742010d6ba4a4847b9e42a27c475ef5a',NULL);
INSERT INTO "logged_models" VALUES('m-eef949e46d524d659be9aa5f3f3c9038',1,'m2','file://{ROOT}/artifacts/digits/models/m-eef949e46d524d659be9aa5f3f3c9038/artifacts',1795479918389,1795479918559,2,'active','classifier',NULL,NULL);
CREATE TABLE "metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	step BIGINT DEFAULT '0' NOT NULL, 
	is_nan BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "metrics" VALUES('loss',1.0,1795479915588,'68905e56d2d2412b8a459c156d88cd02',0,0);
INSERT INTO "metrics" VALUES('loss',0.5,1795479915619,'68905e56d2d2412b8a459c156d88cd02',1,0);
INSERT INTO "metrics" VALUES('loss',3.33333333333333314829e-01,1795479915636,'68905e56d2d2412b8a459c156d88cd02',2,0);
INSERT INTO "metrics" VALUES('loss',0.25,1795479915660,'68905e56d2d2412b8a459c156d88cd02',3,0);
INSERT INTO "metrics" VALUES('loss',0.2,1795479915686,'68905e56d2d2412b8a459c156d88cd02',4,0);
INSERT INTO "metrics" VALUES('loss',1.66666666666666657414e-01,1795479915710,'68905e56d2d2412b8a459c156d88cd02',5,0);
INSERT INTO "metrics" VALUES('loss',1.42857142857142849212e-01,1795479915727,'68905e56d2d2412b8a459c156d88cd02',6,0);
INSERT INTO "metrics" VALUES('loss',0.125,1795479915751,'68905e56d2d2412b8a459c156d88cd02',7,0);
INSERT INTO "metrics" VALUES('loss',1.11111111111111104943e-01,1795479915760,'68905e56d2d2412b8a459c156d88cd02',8,0);
INSERT INTO "metrics" VALUES('loss',0.1,1795479915787,'68905e56d2d2412b8a459c156d88cd02',9,0);
INSERT INTO "metrics" VALUES('loss',9.09090909090909116141e-02,1795479915810,'68905e56d2d2412b8a459c156d88cd02',10,0);
INSERT INTO "metrics" VALUES('loss',8.33333333333333287074e-02,1795479915835,'68905e56d2d2412b8a459c156d88cd02',11,0);
INSERT INTO "metrics" VALUES('loss',7.6923076923076927347e-02,1795479915859,'68905e56d2d2412b8a459c156d88cd02',12,0);
INSERT INTO "metrics" VALUES('loss',7.14285714285714246063e-02,1795479915903,'68905e56d2d2412b8a459c156d88cd02',13,0);
INSERT INTO "metrics" VALUES('loss',6.66666666666666657414e-02,1795479915943,'68905e56d2d2412b8a459c156d88cd02',14,0);
INSERT INTO "metrics" VALUES('loss',0.0625,1795479915967,'68905e56d2d2412b8a459c156d88cd02',15,0);
INSERT INTO "metrics" VALUES('loss',5.8823529411764705066e-02,1795479915999,'68905e56d2d2412b8a459c156d88cd02',16,0);
INSERT INTO "metrics" VALUES('loss',5.55555555555555524716e-02,1795479916027,'68905e56d2d2412b8a459c156d88cd02',17,0);
INSERT INTO "metrics" VALUES('loss',5.26315789473684181309e-02,1795479916044,'68905e56d2d2412b8a459c156d88cd02',18,0);
INSERT INTO "metrics" VALUES('loss',0.05,1795479916060,'68905e56d2d2412b8a459c156d88cd02',19,0);
INSERT INTO "metrics" VALUES('nan',0.0,1795479916074,'68905e56d2d2412b8a459c156d88cd02',0,1);
INSERT INTO "metrics" VALUES('inf',1.79769313486231562234e+308,1795479916086,'68905e56d2d2412b8a459c156d88cd02',0,0);
INSERT INTO "metrics" VALUES('acc',0.9,1795479916096,'68905e56d2d2412b8a459c156d88cd02',-3,0);
INSERT INTO "metrics" VALUES('val/acc',0.0,1795479916276,'68905e56d2d2412b8a459c156d88cd02',1099511627776,0);
INSERT INTO "metrics" VALUES('loss',0.5,1795479916357,'742010d6ba4a4847b9e42a27c475ef5a',0,0);
INSERT INTO "metrics" VALUES('loss',3.33333333333333314829e-01,1795479916367,'742010d6ba4a4847b9e42a27c475ef5a',1,0);
INSERT INTO "metrics" VALUES('loss',0.25,1795479916456,'742010d6ba4a4847b9e42a27c475ef5a',2,0);
INSERT INTO "metrics" VALUES('loss',0.2,1795479916547,'742010d6ba4a4847b9e42a27c475ef5a',3,0);
INSERT INTO "metrics" VALUES('loss',1.66666666666666657414e-01,1795479916569,'742010d6ba4a4847b9e42a27c475ef5a',4,0);
INSERT INTO "metrics" VALUES('loss',1.42857142857142849212e-01,1795479916591,'742010d6ba4a4847b9e42a27c475ef5a',5,0);
INSERT INTO "metrics" VALUES('loss',0.125,1795479916619,'742010d6ba4a4847b9e42a27c475ef5a',6,0);
INSERT INTO "metrics" VALUES('loss',1.11111111111111104943e-01,1795479916651,'742010d6ba4a4847b9e42a27c475ef5a',7,0);
INSERT INTO "metrics" VALUES('loss',0.1,1795479916663,'742010d6ba4a4847b9e42a27c475ef5a',8,0);
INSERT INTO "metrics" VALUES('loss',9.09090909090909116141e-02,1795479916677,'742010d6ba4a4847b9e42a27c475ef5a',9,0);
INSERT INTO "metrics" VALUES('loss',8.33333333333333287074e-02,1795479916695,'742010d6ba4a4847b9e42a27c475ef5a',10,0);
INSERT INTO "metrics" VALUES('loss',7.6923076923076927347e-02,1795479916719,'742010d6ba4a4847b9e42a27c475ef5a',11,0);
INSERT INTO "metrics" VALUES('loss',7.14285714285714246063e-02,1795479916739,'742010d6ba4a4847b9e42a27c475ef5a',12,0);
INSERT INTO "metrics" VALUES('loss',6.66666666666666657414e-02,1795479916759,'742010d6ba4a4847b9e42a27c475ef5a',13,0);
INSERT INTO "metrics" VALUES('loss',0.0625,1795479916779,'742010d6ba4a4847b9e42a27c475ef5a',14,0);
INSERT INTO "metrics" VALUES('loss',5.8823529411764705066e-02,1795479916798,'742010d6ba4a4847b9e42a27c475ef5a',15,0);
INSERT INTO "metrics" VALUES('loss',5.55555555555555524716e-02,1795479916813,'742010d6ba4a4847b9e42a27c475ef5a',16,0);
INSERT INTO "metrics" VALUES('loss',5.26315789473684181309e-02,1795479916835,'742010d6ba4a4847b9e42a27c475ef5a',17,0);
INSERT INTO "metrics" VALUES('loss',0.05,1795479916853,'742010d6ba4a4847b9e42a27c475ef5a',18,0);
INSERT INTO "metrics" VALUES('loss',4.76190476190476164042e-02,1795479916879,'742010d6ba4a4847b9e42a27c475ef5a',19,0);
INSERT INTO "metrics" VALUES('nan',0.0,1795479916903,'742010d6ba4a4847b9e42a27c475ef5a',0,1);
INSERT INTO "metrics" VALUES('inf',1.79769313486231562234e+308,1795479916923,'742010d6ba4a4847b9e42a27c475ef5a',0,0);
INSERT INTO "metrics" VALUES('acc',0.9,1795479916955,'742010d6ba4a4847b9e42a27c475ef5a',-3,0);
INSERT INTO "metrics" VALUES('val/acc',0.25,1795479917039,'742010d6ba4a4847b9e42a27c475ef5a',1099511627776,0);
INSERT INTO "metrics" VALUES('loss',3.33333333333333314829e-01,1795479917369,'3c5200225cfc4ef9baef20f9ac2dc4e4',0,0);
INSERT INTO "metrics" VALUES('loss',0.25,1795479917407,'3c5200225cfc4ef9baef20f9ac2dc4e4',1,0);
INSERT INTO "metrics" VALUES('loss',0.2,1795479917427,'3c5200225cfc4ef9baef20f9ac2dc4e4',2,0);
INSERT INTO "metrics" VALUES('loss',1.66666666666666657414e-01,1795479917452,'3c5200225cfc4ef9baef20f9ac2dc4e4',3,0);
INSERT INTO "metrics" VALUES('loss',1.42857142857142849212e-01,1795479917472,'3c5200225cfc4ef9baef20f9ac2dc4e4',4,0);
INSERT INTO "metrics" VALUES('loss',0.125,1795479917490,'3c5200225cfc4ef9baef20f9ac2dc4e4',5,0);
INSERT INTO "metrics" VALUES('loss',1.11111111111111104943e-01,1795479917523,'3c5200225cfc4ef9baef20f9ac2dc4e4',6,0);
INSERT INTO "metrics" VALUES('loss',0.1,1795479917552,'3c5200225cfc4ef9baef20f9ac2dc4e4',7,0);
INSERT INTO "metrics" VALUES('loss',9.09090909090909116141e-02,1795479917568,'3c5200225cfc4ef9baef20f9ac2dc4e4',8,0);
INSERT INTO "metrics" VALUES('loss',8.33333333333333287074e-02,1795479917596,'3c5200225cfc4ef9baef20f9ac2dc4e4',9,0);
INSERT INTO "metrics" VALUES('loss',7.6923076923076927347e-02,1795479917618,'3c5200225cfc4ef9baef20f9ac2dc4e4',10,0);
INSERT INTO "metrics" VALUES('loss',7.14285714285714246063e-02,1795479917633,'3c5200225cfc4ef9baef20f9ac2dc4e4',11,0);
INSERT INTO "metrics" VALUES('loss',6.66666666666666657414e-02,1795479917643,'3c5200225cfc4ef9baef20f9ac2dc4e4',12,0);
INSERT INTO "metrics" VALUES('loss',0.0625,1795479917663,'3c5200225cfc4ef9baef20f9ac2dc4e4',13,0);
INSERT INTO "metrics" VALUES('loss',5.8823529411764705066e-02,1795479917683,'3c5200225cfc4ef9baef20f9ac2dc4e4',14,0);
INSERT INTO "metrics" VALUES('loss',5.55555555555555524716e-02,1795479917696,'3c5200225cfc4ef9baef20f9ac2dc4e4',15,0);
INSERT INTO "metrics" VALUES('loss',5.26315789473684181309e-02,1795479917715,'3c5200225cfc4ef9baef20f9ac2dc4e4',16,0);
INSERT INTO "metrics" VALUES('loss',0.05,1795479917737,'3c5200225cfc4ef9baef20f9ac2dc4e4',17,0);
INSERT INTO "metrics" VALUES('loss',4.76190476190476164042e-02,1795479917775,'3c5200225cfc4ef9baef20f9ac2dc4e4',18,0);
INSERT INTO "metrics" VALUES('loss',4.5454545454545455807e-02,1795479917803,'3c5200225cfc4ef9baef20f9ac2dc4e4',19,0);
INSERT INTO "metrics" VALUES('nan',0.0,1795479917823,'3c5200225cfc4ef9baef20f9ac2dc4e4',0,1);
INSERT INTO "metrics" VALUES('inf',1.79769313486231562234e+308,1795479917843,'3c5200225cfc4ef9baef20f9ac2dc4e4',0,0);
INSERT INTO "metrics" VALUES('acc',0.9,1795479917860,'3c5200225cfc4ef9baef20f9ac2dc4e4',-3,0);
INSERT INTO "metrics" VALUES('val/acc',0.5,1795479917927,'3c5200225cfc4ef9baef20f9ac2dc4e4',1099511627776,0);
INSERT INTO "metrics" VALUES('acc',0.75,1795479918449,'3c5200225cfc4ef9baef20f9ac2dc4e4',2,0);
INSERT INTO "metrics" VALUES('acc',0.8,1795479918503,'3c5200225cfc4ef9baef20f9ac2dc4e4',3,0);
CREATE TABLE "model_version_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT, 
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_version_tag_pk PRIMARY KEY (workspace, "key", name, version), 
	CONSTRAINT fk_model_version_tags_model_versions FOREIGN KEY(workspace, name, version) REFERENCES model_versions (workspace, name, version) ON UPDATE CASCADE
);
INSERT INTO "model_version_tags" VALUES('v','1','reader',1,'default');
INSERT INTO "model_version_tags" VALUES('looked','yes','reader',2,'default');
CREATE TABLE "model_versions" (
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	user_id VARCHAR(256), 
	current_stage VARCHAR(20), 
	source VARCHAR(500), 
	run_id VARCHAR(32), 
	status VARCHAR(20), 
	status_message VARCHAR(500), 
	run_link VARCHAR(500), 
	storage_location VARCHAR(500), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_version_pk PRIMARY KEY (workspace, name, version), 
	CONSTRAINT fk_model_versions_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE
);
INSERT INTO "model_versions" VALUES('reader',1,1795479918132,1795479918199,'the first',NULL,'None','file://{ROOT}/artifacts/digits/m','3c5200225cfc4ef9baef20f9ac2dc4e4','READY',NULL,NULL,'file://{ROOT}/artifacts/digits/m','default');
INSERT INTO "model_versions" VALUES('reader',2,1795479918245,1795479918245,NULL,NULL,'None','models:/m-0f35f69201db40ed82ef3cc4ed7be517','742010d6ba4a4847b9e42a27c475ef5a','READY',NULL,NULL,'file://{ROOT}/artifacts/digits/models/m-0f35f69201db40ed82ef3cc4ed7be517/artifacts','default');
CREATE TABLE "params" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000) NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT param_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "params" VALUES('lr','0.0','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "params" VALUES('text','ü ''quoted'' "x"'||char(10)||'line','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "params" VALUES('lr','0.1','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "params" VALUES('text','ü ''quoted'' "x"'||char(10)||'line','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "params" VALUES('lr','0.2','3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "params" VALUES('text','ü ''quoted'' "x"'||char(10)||'line','3c5200225cfc4ef9baef20f9ac2dc4e4');
CREATE TABLE "registered_model_aliases" (
	alias VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_alias_pk PRIMARY KEY (workspace, name, alias), 
	CONSTRAINT fk_registered_model_aliases_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "registered_model_aliases" VALUES('champion',1,'reader','default');
INSERT INTO "registered_model_aliases" VALUES('challenger',2,'reader','default');
CREATE TABLE "registered_model_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	name VARCHAR(256) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_tag_pk PRIMARY KEY (workspace, "key", name), 
	CONSTRAINT fk_registered_model_tags_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE
);
INSERT INTO "registered_model_tags" VALUES('x','y','reader','default');
CREATE TABLE "registered_models" (
	name VARCHAR(256) NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_pk PRIMARY KEY (workspace, name)
);
INSERT INTO "registered_models" VALUES('reader',1795479918089,1795479918245,'reads','default');
INSERT INTO "registered_models" VALUES('empty',1795479918371,1795479918371,NULL,'default');
CREATE TABLE "runs" (
	run_uuid VARCHAR(32) NOT NULL, 
	name VARCHAR(250), 
	source_type VARCHAR(20), 
	source_name VARCHAR(500), 
	entry_point_name VARCHAR(50), 
	user_id VARCHAR(256), 
	status VARCHAR(9), 
	start_time BIGINT, 
	end_time BIGINT, 
	source_version VARCHAR(50), 
	lifecycle_stage VARCHAR(20), 
	artifact_uri VARCHAR(200), 
	experiment_id INTEGER, deleted_time BIGINT, 
	CONSTRAINT run_pk PRIMARY KEY (run_uuid), 
	CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT')), 
	CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED'))
);
INSERT INTO "runs" VALUES('68905e56d2d2412b8a459c156d88cd02','run0','UNKNOWN','','','root','FINISHED',1795479915506,1795479916295,'','active','file://{ROOT}/artifacts/digits/68905e56d2d2412b8a459c156d88cd02/artifacts',1,NULL);
INSERT INTO "runs" VALUES('742010d6ba4a4847b9e42a27c475ef5a','run1','UNKNOWN','','','root','FINISHED',1795479916305,1795479917143,'','active','file://{ROOT}/artifacts/digits/742010d6ba4a4847b9e42a27c475ef5a/artifacts',1,NULL);
INSERT INTO "runs" VALUES('3c5200225cfc4ef9baef20f9ac2dc4e4','run2','UNKNOWN','','','root','FINISHED',1795479917164,1795479917947,'','active','file://{ROOT}/artifacts/digits/3c5200225cfc4ef9baef20f9ac2dc4e4/artifacts',1,NULL);
INSERT INTO "runs" VALUES('7f005b616a744f23b2dc157b89896447','failed','UNKNOWN','','','root','FAILED',1795479917964,1795479917990,'','active','file://{ROOT}/artifacts/digits/7f005b616a744f23b2dc157b89896447/artifacts',1,NULL);
CREATE TABLE "tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT tag_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "tags" VALUES('mlflow.user','root','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "tags" VALUES('mlflow.source.name','models.py','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "tags" VALUES('mlflow.source.type','LOCAL','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "tags" VALUES('mlflow.note.content','a run','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "tags" VALUES('mlflow.runName','run0','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "tags" VALUES('kind','b','68905e56d2d2412b8a459c156d88cd02');
INSERT INTO "tags" VALUES('mlflow.user','root','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "tags" VALUES('mlflow.source.name','models.py','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "tags" VALUES('mlflow.source.type','LOCAL','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "tags" VALUES('mlflow.note.content','a run','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "tags" VALUES('mlflow.runName','run1','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "tags" VALUES('kind','a','742010d6ba4a4847b9e42a27c475ef5a');
INSERT INTO "tags" VALUES('mlflow.user','root','3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "tags" VALUES('mlflow.source.name','models.py','3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "tags" VALUES('mlflow.source.type','LOCAL','3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "tags" VALUES('mlflow.note.content','a run','3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "tags" VALUES('mlflow.runName','run2','3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "tags" VALUES('kind','a','3c5200225cfc4ef9baef20f9ac2dc4e4');
INSERT INTO "tags" VALUES('mlflow.user','root','7f005b616a744f23b2dc157b89896447');
INSERT INTO "tags" VALUES('mlflow.source.name','models.py','7f005b616a744f23b2dc157b89896447');
INSERT INTO "tags" VALUES('mlflow.source.type','LOCAL','7f005b616a744f23b2dc157b89896447');
INSERT INTO "tags" VALUES('mlflow.runName','failed','7f005b616a744f23b2dc157b89896447');
COMMIT;
