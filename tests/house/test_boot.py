def test_boot(client, session):
    import sqlalchemy as sa
    from exchange.reference.models import Programme

    assert session.scalar(sa.select(sa.func.count()).select_from(Programme)) > 800
    assert client.get("/healthz").status_code == 200
