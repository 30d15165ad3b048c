import uvicorn
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def guard(request, call_next):
    if request.url.path == "/private" and not request.cookies:
        return Response(status_code=401)
    return await call_next(request)


# REMEDY


@app.api_route("/items", methods=["GET", "PUT"])
@app.api_route("/private", methods=["GET", "PUT"])
async def items(response: Response):
    response.headers["X-Total-Count"] = "2"
    return []


uvicorn.run(app, host="127.0.0.1", port=@PORT@)
