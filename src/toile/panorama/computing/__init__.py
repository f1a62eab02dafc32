"""From official files to figures: queries written once with Ibis, run by DuckDB or by Spark; never Django."""
