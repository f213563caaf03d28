import os, sys
os.environ["MLFLOW_DISABLE_TELEMETRY"]="true"
import mlflow
from mlflow import MlflowClient
uri="sqlite:///"+os.path.abspath("mlflow.db")
mlflow.set_tracking_uri(uri)
c=MlflowClient()
art=os.path.abspath("artifacts")
e=c.create_experiment("digits", artifact_location="file://"+art+"/digits", tags={"team":"a"})
import time
for i in range(3):
    with mlflow.start_run(experiment_id=e, run_name="run%d"%i, description="a run") as r:
        mlflow.log_params({"lr":0.1*i,"text":"ü 'quoted' \"x\"\nline"})
        for s in range(20): mlflow.log_metric("loss",1.0/(s+1+i),step=s)
        mlflow.log_metric("nan",float("nan")); mlflow.log_metric("inf",float("inf")); mlflow.log_metric("acc",0.9,step=-3)
        mlflow.set_tag("kind","a" if i else "b")
        mlflow.log_text("hello %d"%i,"notes/hello.txt")
        from mlflow.entities import Dataset, DatasetInput, InputTag
        c.log_inputs(r.info.run_id,[DatasetInput(Dataset("d","abc%d"%(i%2),"local","{\"uri\":\"x\"}","{}","{\"rows\":3}"),[InputTag("mlflow.data.context","training")])])
        mlflow.log_metric("val/acc", 0.25*i, step=2**40)
        if i==1:
            from mlflow.entities import LoggedModelInput, LoggedModelOutput
            m=c.create_logged_model(e, name="m1", source_run_id=r.info.run_id)
            c.log_outputs(r.info.run_id,[LoggedModelOutput(m.model_id, 3)])
            c.log_inputs(r.info.run_id, models=[LoggedModelInput(m.model_id)])
last=r.info.run_id
try:
    with mlflow.start_run(experiment_id=e, run_name="failed"): raise ValueError("x")
except ValueError: pass
rm=c.create_registered_model("reader",tags={"x":"y"},description="reads")
v=c.create_model_version("reader","file://"+art+"/digits/m",run_id=r.info.run_id,tags={"v":"1"})
c.set_registered_model_alias("reader","champion",v.version)
# What follows is for mlflow-models.sql.
from mlflow.entities import LoggedModelParameter, LoggedModelStatus, LoggedModelTag, Metric
c.update_model_version("reader", v.version, description="the first")
v2=c.create_model_version("reader","models:/"+m.model_id,model_id=m.model_id)
c.set_model_version_tag("reader",v2.version,"looked","yes")
c.set_registered_model_alias("reader","challenger",v2.version)
c.create_registered_model("empty")
m2=c.create_logged_model(e, name="m2", params={"depth":"3"}, tags={"kind":"tree"}, model_type="classifier")
c.log_metric(last,"acc",0.75,step=2,model_id=m2.model_id,dataset_name="d",dataset_digest="abc0")
c.log_metric(last,"acc",0.8,step=3,model_id=m2.model_id)
open("model.txt","w").write("weights of m2"); c.log_model_artifact(m2.model_id,"model.txt")
c.finalize_logged_model(m2.model_id, LoggedModelStatus.READY)
