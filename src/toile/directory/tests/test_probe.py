import time, json
import pytest
from toile.directory.commands import import_ess, import_siae, import_csv
from toile.directory.models import *
pytestmark=[pytest.mark.django_db]
FILES=["siae/siaes.csv","ess/x_consolidated.csv","ess/x_enriched.csv","ess/x_label_studio.csv","ess/x_consolidated_tessstcsv.csv","ess/01_ess_numerique.csv","ess/02_cate_x_naf.csv","ess/02_ess_numerique_cate_juridique.csv","ess/03_tiers_lieux.csv","ess/04_ess_flag_insee.csv","sirene/etablissements_saint_etienne_2022.csv"]
@pytest.mark.parametrize("f",FILES)
def test_probe(france,shared_data,f):
    p=shared_data/f
    go={"siae":import_siae,"ess/":import_ess,"sire":import_csv}[f[:4]]
    t=time.time(); dry=go(p,dry_run=True); td=time.time()-t
    assert Organisation.objects.count()==0
    t=time.time(); a=go(p); ta=time.time()-t
    t=time.time(); b=go(p); tb=time.time()-t
    from collections import Counter
    def s(r): 
        d=r.as_json(); d["nref"]=[(x["line"],x["reason"]) for x in d.pop("refused")][:5]; d["nck"]=Counter(x["reason"].split(" ")[0]+" "+" ".join(x["reason"].split()[1:3]) for x in d.pop("checks")).most_common(8); return d
    print("\n==",f,round(td,1),round(ta,1),round(tb,1)); print("DRY",s(dry)); print("1st",s(a)); print("2nd",s(b))
    print(Organisation.objects.count(),Establishment.objects.count(),SourceRecord.objects.count(), Counter(Organisation.objects.values_list("whereabouts",flat=True)), Counter(Organisation.objects.values_list("ess_verdict",flat=True)))
