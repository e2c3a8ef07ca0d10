"""A small workshop in frePPLe's tables, written for these tests."""

from __future__ import annotations

from pathlib import Path

TABLES = {
    "parameter": "name,value\ncurrentdate,2026-03-02 06:00:00\ncurrency,EUR\nplan.loglevel,1\n",
    "location": "name,available\nhall,\n",
    "customer": "name\nNorth\nSouth\n",
    "item": "name,cost,category\ntable,120,furniture\nchair,40.50,furniture\ntop,0,\nleg,0,\nscrew,0.10,\nboard,0,\n",
    "supplier": "name\nTimber\nScrews\nExpress\n",
    "itemsupplier": "supplier,item,lead time,cost,priority\nTimber,board,3 00:00:00,8.00,1\n"
                    "Express,board,1 00:00:00,12.00,2\nScrews,screw,P1D,0.10,1\n",
    "buffer": "item,location,onhand\nchair,hall,2\nscrew,hall,1000.00000000\n",
    "calendar": "name,default value\nday shift,0\n",
    "calendarbucket":
        "calendar,start date,end date,value,priority,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
        "start time,end time\n"
        "day shift,,2030-12-31,1,10,true,true,true,true,true,false,false,06:00:00,13:59:59\n"
        "day shift,2026-03-04,2026-03-05,0,1,true,true,true,true,true,true,true,00:00:00,23:59:59\n",
    "resource": "name,type,location,maximum,available,cost,owner,setupmatrix,setup,efficiency\n"
                "saws,default,hall,,,,,,,\n"
                "saw 1,default,hall,1,day shift,30,saws,,,100\n"
                "saw 2,default,hall,1,day shift,30,saws,,,50\n"
                "sprayer,default,hall,1,,20,,paint,white,\n"
                "bench,default,hall,2,,,,,,\n"
                "joiner,default,hall,3,day shift,24,,,,\n",
    "skill": "name\njoinery\n",
    "resourceskill": "resource,skill\njoiner,joinery\n",
    "setupmatrix": "name\npaint\n",
    "setuprule": "setupmatrix,priority,from setup,to setup,duration,cost\n"
                 "paint,2,,black,00:20:00,5\npaint,1,(.*),\\1,0,0\npaint,3,.*,.*,01:00:00,9.50\n",
    "operation": "name,type,item,location,priority,duration,duration per unit,owner,cost,size minimum\n"
                 "make table,routing,table,hall,1,,,,,1\n"
                 "paint table,time_per,,hall,2,00:10:00,00:05:00,make table,,\n"
                 "cut table,time_per,,hall,1,,00:10:00,make table,2.00,\n"
                 "make chair,fixed_time,chair,hall,1,01:00:00,,,,\n"
                 "make top,time_per,top,hall,1,,1800,,,\n"
                 "make leg,time_per,leg,hall,1,,PT6M,,,\n"
                 "make leg by hand,time_per,leg,hall,2,,PT15M,,,\n",
    "operationmaterial": "operation,item,quantity,type\ncut table,top,-1,start\npaint table,screw,-8,start\n"
                         "make table,leg,-4,start\nmake chair,screw,-12,start\nmake chair,leg,-4,start\n"
                         "make top,board,-2,start\nmake top,top,1,end\n",
    "operationresource": "operation,resource,quantity,setup,skill\ncut table,saws,1,,\npaint table,sprayer,1,black,\n"
                         "make chair,bench,1,,\nmake chair,joiner,2,,joinery\nmake top,saw 1,1,,\n"
                         "make leg,saw 1,1,,\nmake leg by hand,bench,1,,\n",
    "demand": "name,item,location,customer,quantity,due,priority,status,maxlateness\n"
              "D1,table,hall,North,3,2026-03-06 12:00:00,2,open,\n"
              "D2,chair,hall,South,5,2026-03-09,10,,2 00:00:00\n"
              "D3,table,hall,North,1,2026-03-10,1,quote,\n"
              "D4,chair,hall,North,9,2026-03-10,1,canceled,\n",
}


def write(folder: Path, **changed: str | None) -> Path:
    """The folder with these tables, some of them changed or (None) left out."""
    target = folder / "workshop"
    target.mkdir(exist_ok=True)
    for name, text in {**TABLES, **changed}.items():
        if text is not None:
            (target / f"{name}.csv").write_text(text)
    return target
